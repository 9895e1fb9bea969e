"""Region views and results in the table: what is saved comes back, with its events, and only once."""

from itertools import count

import boto3
import pytest

from tests.support.builders import NOON, a_monitor, after
from tests.support.checks import REGION, an_empty_view, down, told, up
from tests.support.tables import MONITORING
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.placement import Placement
from tocsin.domain.region_view import RegionView
from tocsin.domain.votes import Vote
from tocsin.errors import ConflictError
from tocsin.stores.region_views import RegionViews

pytestmark = pytest.mark.usefixtures("tables")


def views() -> RegionViews:
    return RegionViews(MONITORING, "eu-west-1")


def outbox() -> list[str]:
    items = boto3.client("dynamodb").scan(TableName=MONITORING)["Items"]
    return sorted(item["detail_type"]["S"] for item in items if item["pk"]["S"].startswith("OUTBOX#"))


def test_a_shard_that_was_never_checked_has_an_empty_view() -> None:
    assert views().get(REGION, "s1") == an_empty_view()


def test_what_is_saved_comes_back_with_its_events() -> None:
    view, events = told([down(1, message='Status 503, "<b>"'), down(3)], view=an_empty_view(minute=NOON))

    stored = views().save(view, [down(1), down(3)], events, minute=NOON, now=after(seconds=3))

    assert stored == view.model_copy(update={"version": 1, "stamped_at": after(seconds=3)})
    assert views().get(REGION, "s1") == stored
    assert views().results(REGION, "s1", NOON) == [down(1), down(3)]
    assert outbox() == ["ObservationChanged"]


def test_a_later_save_of_the_same_minute_replaces_its_results() -> None:
    first = views().save(an_empty_view(), [up(1)], [], minute=NOON, now=after(seconds=1))

    views().save(first, [up(1), up(2, "db")], [], minute=NOON, now=after(seconds=2))

    assert views().results(REGION, "s1", NOON) == [up(2, "db"), up(1)]
    assert views().results(REGION, "s1", after(minutes=1)) == []


def test_of_two_who_read_the_same_view_one_loses_and_leaves_nothing_behind() -> None:
    first, events = told([up(1)])
    second, late_events = told([down(1), down(3)])
    views().save(first, [up(1)], events, minute=NOON, now=NOON)

    with pytest.raises(ConflictError):
        views().save(second, [down(1), down(3)], late_events, minute=NOON, now=NOON)

    assert views().get(REGION, "s1").monitors["shop"].state is MonitorState.UP
    assert views().results(REGION, "s1", NOON) == [up(1)]
    assert outbox() == ["ObservationChanged"]


def test_regions_vote_once_they_know() -> None:
    for number, (region, results) in enumerate(
        {
            "eu-west-1": [up(0)],
            "us-east-1": [down(0, message="refused"), down(2, message="refused")],
            "sa-east-1": [down(0)],
        }.items()
    ):
        view, _ = told(results, view=RegionView(region=region, shard_id=f"s{number}"))
        views().save(view, results, [], minute=NOON, now=NOON)
    regions = zip(("eu-west-1", "us-east-1", "sa-east-1", "af-south-1"), count(), strict=False)
    placements = [Placement(monitor_id="shop", region=region, shard_id=f"s{number}") for region, number in regions]

    assert views().votes("shop", placements) == (
        Vote(region="eu-west-1", state=MonitorState.UP, since=NOON, checked_at=NOON),
        Vote(
            region="us-east-1",
            state=MonitorState.DOWN,
            since=NOON,
            checked_at=after(seconds=2),
            message="refused",
            failing=True,
        ),
    )
    assert views().votes("db", placements) == ()


def test_the_newest_minute_is_the_view_and_each_keeps_its_results() -> None:
    first, _ = told([up(1)])
    second, _ = told([up(61)], view=views().save(first, [up(1)], [], minute=NOON, now=NOON))

    stored = views().save(second, [up(61)], [], minute=after(minutes=1), now=after(minutes=1))

    assert views().get(REGION, "s1") == stored
    assert (stored.minute, stored.version) == (after(minutes=1), 1)
    assert views().results(REGION, "s1", NOON) == [up(1)]


def test_a_minute_expires_after_a_week() -> None:
    views().save(an_empty_view(), [up(1)], [], minute=NOON, now=NOON)

    (row,) = boto3.client("dynamodb").scan(TableName=MONITORING)["Items"]
    assert int(row["expires_at"]["N"]) == int(after(days=7).timestamp())
    assert a_monitor().monitor_id not in str(row["columns"]), "packed"
