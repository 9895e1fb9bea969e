"""Each minute the sweeper looks over what the regions say, and asks about what may not hold any more."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, a_monitor, after
from tests.support.checks import told, up
from tests.support.tables import DIRECTORY, INCIDENTS, MONITORING, REGION
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.directory import Regions
from tocsin.domain.heartbeat import Call, CallKind, Heartbeat, receive
from tocsin.domain.monitor import unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.placement import ShardList
from tocsin.domain.region_view import RegionView
from tocsin.settings import SweepSettings
from tocsin.stores import keys
from tocsin.stores.doubts import DoubtStore
from tocsin.stores.heartbeats import HeartbeatStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.region_views import RegionViews
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

SHARD = "0001"


@pytest.fixture
def sweep(load_function: LoadFunction) -> Any:
    settings = SweepSettings(
        directory_table=DIRECTORY, monitoring_table=MONITORING, incidents_table=INCIDENTS, state_machine_arn="machine"
    )
    return load_function("sweep", settings)


def watched(*monitors: Monitor) -> None:
    """By one region, which checks all of them at noon and finds them up."""
    Table(DIRECTORY).save(
        [
            Write.put(keys.entity("regions", "regions"), Regions(home=REGION, probes=(REGION,))),
            Write.put(keys.shard_list(REGION), ShardList(region=REGION, fingerprints={SHARD: ""})),
            *(Write.put(keys.entity("monitor", monitor.monitor_id), monitor) for monitor in monitors),
        ]
    )
    view = RegionView(region=REGION, shard_id=SHARD)
    for monitor in monitors:
        view, _ = told([up(0, monitor.monitor_id)], monitor, view)
    RegionViews(MONITORING).save(view, [], [], minute=NOON, now=NOON)


def swept(sweep: Any, at: datetime) -> None:
    sweep.utc_now = lambda: at
    sweep.handler({}, None)


def doubted() -> Iterable[str]:
    items = boto3.client("dynamodb", region_name=REGION).scan(TableName=MONITORING)["Items"]
    return sorted(json.loads(item["detail"]["S"])["monitor_id"] for item in items if "detail" in item)


def unknown_in(output: str) -> list[int]:
    lines = [json.loads(line) for line in output.splitlines() if '"UnknownMonitors"' in line]
    return [int(line["UnknownMonitors"][0]) for line in lines]


def test_when_all_is_well_nothing_is_asked_and_nothing_written(sweep: Any, capsys: pytest.CaptureFixture[str]) -> None:
    watched(a_monitor())

    swept(sweep, after(minutes=1))

    assert doubted() == []
    assert DoubtStore(MONITORING).get().version == 0
    assert unknown_in(capsys.readouterr().out) == [0]


def test_silence_is_asked_about_once_and_counted_each_minute(sweep: Any, capsys: pytest.CaptureFixture[str]) -> None:
    watched(a_monitor("shop"), a_monitor("resting", paused=True))

    swept(sweep, after(minutes=5))
    swept(sweep, after(minutes=6))

    assert doubted() == ["shop"]
    assert DoubtStore(MONITORING).get().version == 1
    assert unknown_in(capsys.readouterr().out) == [1, 1]


def test_more_doubts_than_a_transaction_holds_are_all_told(sweep: Any) -> None:
    names = [f"m{number:03d}" for number in range(200)]
    watched(*(a_monitor(name) for name in names[:80]))
    view = RegionViews(MONITORING).get(REGION, SHARD)
    for name in names[80:]:
        view, _ = told([up(1, name)], a_monitor(name), view)
    RegionViews(MONITORING).save(view, [], [], minute=NOON, now=after(seconds=1))

    swept(sweep, after(minutes=5))

    assert doubted() == names


def test_an_alert_that_waits_is_asked_about_every_minute(sweep: Any) -> None:
    watched(a_monitor())
    status = unjudged(a_monitor(), NOON).model_copy(update={"due_at": after(minutes=1)})
    MonitorStatusStore(MONITORING).save(status, [])

    swept(sweep, after(minutes=1))
    swept(sweep, after(minutes=2))

    assert doubted() == ["shop", "shop"]


def test_a_waiting_alert_that_cannot_be_read_is_not_clean_and_keeps_nobody_from_being_doubted(
    sweep: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    watched(a_monitor())
    item = {"pk": "nonsense", "sk": "status", "due_kind": "monitor", "due_at": keys.instant(NOON)}
    boto3.client("dynamodb", region_name=REGION).put_item(
        TableName=MONITORING, Item={name: {"S": value} for name, value in item.items()}
    )

    swept(sweep, after(minutes=10))

    assert doubted() == ["shop"]
    assert '"AllClean"' not in capsys.readouterr().out


def test_an_errand_that_fails_holds_up_no_other_and_is_not_clean(
    sweep: Any, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    watched(a_monitor())
    nonsense = {"pk": {"S": "maintenance_window"}, "sk": {"S": "nonsense"}}
    boto3.client("dynamodb", region_name=REGION).put_item(TableName=DIRECTORY, Item=nonsense)

    swept(sweep, after(minutes=10))

    assert doubted() == ["shop"]
    assert [vars(record)["errand"] for record in caplog.records if record.levelname == "ERROR"] == ["turn_maintenance"]
    assert '"AllClean"' not in capsys.readouterr().out


def test_before_the_first_apply_there_is_nothing_to_doubt(sweep: Any) -> None:
    swept(sweep, NOON)

    assert doubted() == []


def test_what_a_lost_message_would_have_changed_is_asked_about(sweep: Any) -> None:
    """All find the shop up, but it is still shown as down; the job is down, and nobody has heard of it."""
    watched(a_monitor())
    shop = unjudged(a_monitor(), NOON).model_copy(update={"state": MonitorState.DOWN, "told": MonitorState.DOWN})
    MonitorStatusStore(MONITORING).save(shop, [])
    failed, _ = receive(Heartbeat(monitor_id="job"), Call(kind=CallKind.FAIL, at=NOON))
    HeartbeatStore(MONITORING).save(failed, HeartbeatCheck(period=timedelta(hours=1), grace=timedelta(hours=1)), [])

    swept(sweep, after(minutes=1))
    swept(sweep, after(minutes=2))
    assert doubted() == ["job", "shop"]

    again = MonitorStatusStore(MONITORING).get("shop")
    assert again is not None
    MonitorStatusStore(MONITORING).save(again.model_copy(update={"state": MonitorState.UP}), [])
    assert MonitorStatusStore(MONITORING).not_up() == []
