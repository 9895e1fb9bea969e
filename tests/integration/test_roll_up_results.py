"""Each hour: what is over is summed up, once, and what was missed is made up for."""

from datetime import datetime
from types import ModuleType
from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, after
from tests.support.checks import an_empty_view, down, up
from tests.support.tables import DIRECTORY, MONITORING, REGION
from tocsin.domain.directory import Regions
from tocsin.domain.placement import ShardList
from tocsin.domain.result_summary import Summary
from tocsin.domain.timings import Timings
from tocsin.errors import TocsinError
from tocsin.settings import RollUpResultsSettings
from tocsin.stores import keys
from tocsin.stores.region_views import RegionViews
from tocsin.stores.result_series import Period, ResultSeries
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

MIDNIGHT = after(hours=12)


@pytest.fixture
def function(load_function: LoadFunction) -> ModuleType:
    regions = Regions(home=REGION, probes=(REGION,))
    shards = ShardList(region=REGION, fingerprints={"s1": "f1", "s2": "f2"})
    Table(DIRECTORY).save(
        [Write.put(keys.entity("regions", "regions"), regions), Write.put(keys.shard_list(REGION), shards)]
    )
    return load_function(
        "roll_up_results", RollUpResultsSettings(directory_table=DIRECTORY, monitoring_table=MONITORING)
    )


def checked(*results: Any, minute: datetime = NOON, shard_id: str = "s1") -> None:
    RegionViews(MONITORING).save(an_empty_view(shard_id=shard_id), results, [], minute=minute, now=minute)


def at(function: Any, now: datetime) -> None:
    function.utc_now = lambda: now
    function.handler({}, None)


def hours(monitor_id: str | None = None, shard_ids: tuple[str, ...] = ("s1", "s2")) -> list[Period]:
    return list(ResultSeries(MONITORING).hours(REGION, shard_ids, after(days=-9), after(days=9), monitor_id))


def days() -> list[Period]:
    return list(ResultSeries(MONITORING).days(REGION, ["s1", "s2"], after(days=-9), after(days=9)))


def took(milliseconds: int) -> Timings:
    return Timings(total=milliseconds)


def test_an_hour_that_is_over_is_summed_up_for_each_monitor(function: ModuleType) -> None:
    checked(up(1, timings=took(20)), up(2, "db", timings=took(5)))
    checked(down(3541), minute=after(minutes=59))
    checked(up(1, "mail", timings=took(9)), shard_id="s2")
    checked(up(3601, timings=took(7)), minute=after(minutes=60))

    at(function, after(minutes=67))

    assert hours() == [
        Period(NOON, "db", Summary(up=1, p50=5, p95=5, p99=5)),
        Period(NOON, "shop", Summary(up=1, down=1, p50=20, p95=20, p99=20)),
        Period(NOON, "mail", Summary(up=1, p50=9, p95=9, p99=9)),
    ]
    assert [period.summary.up for period in hours("shop")] == [1]


def test_summing_up_again_changes_nothing_and_what_was_missed_is_made_up_for(function: ModuleType) -> None:
    checked(up(1, timings=took(20)))
    at(function, after(minutes=67))
    before = hours()
    checked(up(3601, timings=took(7)), minute=after(hours=1))
    checked(up(3 * 3600, timings=took(8)), minute=after(hours=3))

    at(function, after(hours=4, minutes=7))
    at(function, after(hours=4, minutes=9))

    assert hours()[0] == before[0]
    assert [(period.began_at, period.summary.p50) for period in hours()] == [
        (NOON, 20),
        (after(hours=1), 7),
        (after(hours=3), 8),
    ]


def test_a_day_is_summed_up_from_its_minutes_at_its_end(function: ModuleType) -> None:
    for hour in range(12):
        totals = [took(100 * hour + minute) for minute in range(10)]
        checked(*(up(3600 * hour + n, timings=total) for n, total in enumerate(totals)), minute=after(hours=hour))
    checked(up(12 * 3600, timings=took(1)), minute=MIDNIGHT)

    at(function, MIDNIGHT)
    assert days() == []
    at(function, after(hours=12, minutes=7))

    assert days() == [Period(after(hours=-12), "shop", Summary(up=120, p50=509, p95=1103, p99=1108))]


def test_readings_are_those_of_the_span_and_the_monitor() -> None:
    checked(up(1, timings=took(20)), up(2, "db"))
    checked(up(61, timings=took(30)), minute=after(minutes=1))
    series = ResultSeries(MONITORING)

    found = list(series.minutes(REGION, ["s1"], NOON, after(minutes=1)))

    assert [(reading.monitor_id, reading.total) for reading in found] == [("db", None), ("shop", 20)]
    assert [each.total for each in series.minutes(REGION, ["s1"], NOON, after(minutes=2), "shop")] == [20, 30]


def test_hours_are_kept_for_100_days_and_days_for_400(function: ModuleType) -> None:
    checked(up(1))

    at(function, after(days=1))

    items = boto3.client("dynamodb").scan(TableName=MONITORING)["Items"]
    ends = {
        item["pk"]["S"].partition("#")[0]: int(item["expires_at"]["N"])
        for item in items
        if item["sk"]["S"] < "2026-03-02T12:01"
    }
    assert ends == {
        "minutes": after(days=7).timestamp(),
        "hours": after(days=100).timestamp(),
        "days": after(days=399, hours=12).timestamp(),
    }


def test_a_shard_that_cannot_be_read_holds_up_no_other(function: ModuleType) -> None:
    checked(up(1))
    checked(up(1, "mail"), shard_id="s2")
    table = boto3.resource("dynamodb", region_name=REGION).Table(MONITORING)
    broken = table.get_item(Key=keys.shard_minute(REGION, "s1", NOON)._asdict())["Item"]
    table.put_item(Item=broken | {"columns": b"?"})

    with pytest.raises(TocsinError, match="1 of 2 shards could not be rolled up"):
        at(function, after(minutes=67))

    assert [period.monitor_id for period in hours()] == ["mail"]
