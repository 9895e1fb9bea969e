"""What a page's way is read from: the regions' changes, the functions' logs, the notification."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from bench.embedded import file_of
from bench.journeys import HOPS, Journey, confirmed_at, journey
from bench.log_lines import Line, lines_in
from bench.targets import Targets
from tocsin.cli.file.reading import read_text
from tocsin.domain.events import ObservationChanged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.notification import Notification

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def change(
    region: str, seconds: float, *, state: MonitorState = MonitorState.DOWN, monitor_id: str = "home"
) -> ObservationChanged:
    at = after(seconds)
    return ObservationChanged(occurred_at=at, monitor_id=monitor_id, region=region, state=state, since=at)


def logged(seconds: float, message: str, **said: object) -> Line:
    return Line(after(seconds), message, {"message": message, **said})


@pytest.mark.parametrize(
    ("needed", "expected"),
    [pytest.param(1, 3, id="any"), pytest.param(2, 4, id="majority of three"), pytest.param(3, 9, id="all")],
)
def test_confirmed_is_when_enough_regions_found_it_down(needed: int, expected: float) -> None:
    changes = [
        change("a", 1, state=MonitorState.UP),
        change("b", 9),
        change("a", 3),
        change("c", 4),
        change("a", 0, monitor_id="other"),
    ]

    assert confirmed_at(changes, "home", needed) == after(expected)


def test_a_way_is_told_by_the_first_line_of_each_stop() -> None:
    page = Notification(
        notification_id="n",
        incident_id="i",
        person_id="alice",
        channel="email",
        requested_at=after(5.9),
        claimed_at=after(7),
    )
    log = [
        logged(0.5, "judged", monitor_id="home", state="up"),
        logged(1, "judged", monitor_id="home", state="down"),
        logged(1.5, "updated", incident_id="another", events=["IncidentTriggered"]),
        logged(2, "updated", incident_id="i", events=["IncidentTriggered"]),
        logged(3, "started", incident_id="i"),
        logged(4, "decided", incident_id="i"),
        logged(6, "paging", incident_id="i"),
        logged(30, "decided", incident_id="i"),
    ]

    way = journey(NOON, "home", page, log, received_at=after(8))

    assert way.passed == tuple(map(after, (1, 2, 3, 4, 6, 7, 8)))
    assert len(way.hops) == len(HOPS)
    assert way.total == timedelta(seconds=8)


def test_hops_are_between_stops() -> None:
    assert Journey(NOON, (after(1), after(1.5))).hops == (timedelta(seconds=1), timedelta(seconds=0.5))


def test_of_a_log_only_what_the_logger_wrote_is_read() -> None:
    said = {
        "timestamp": "2026-11-02 12:00:01,250+0000",
        "message": "judged",
        "service": "judge_monitor",
        "state": "down",
    }
    messages = ["START RequestId: 1", json.dumps(said), '{"_aws": {"Timestamp": 1}}', "END RequestId: 1"]

    assert list(lines_in(messages)) == [Line(after(1.25), "judged", said)]


def test_the_file_gives_each_target_a_service_of_its_own() -> None:
    with Targets(("one", "two")) as targets:
        directory = read_text(yaml.safe_dump(file_of(targets, ("eu-west-1", "us-east-1"))))

    assert {name: monitor.service_id for name, monitor in directory.monitors.items()} == {"one": "one", "two": "two"}
    assert directory.regions.probes == ("eu-west-1", "us-east-1")
