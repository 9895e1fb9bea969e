"""From regions that change their minds to one judgement, and from the outbox to the bus."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, a_monitor, after
from tests.support.envelopes import delivered
from tests.support.maintenance import a_window, once
from tests.support.tables import DIRECTORY, MONITORING, REGION
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.events import (
    HeartbeatRescheduled,
    MaintenanceEnded,
    MonitorDoubted,
    MonitorPaused,
    MonitorRemoved,
    MonitorWentDown,
    ObservationChanged,
)
from tocsin.domain.heartbeat import Call, CallKind, Heartbeat, receive
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.outbox import OutboxEntry
from tocsin.domain.pause import Pause
from tocsin.domain.placement import Placement
from tocsin.domain.record import Record
from tocsin.domain.region_view import MonitorView, RegionView
from tocsin.errors import DeliveryError
from tocsin.publishers import bus as event_bus
from tocsin.settings import JudgeMonitorSettings, RelayEventsSettings
from tocsin.stores import keys
from tocsin.stores.heartbeats import HeartbeatStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.region_views import RegionViews
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

STATES = {"u": MonitorState.UP, "d": MonitorState.DOWN}
REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2")


@pytest.fixture
def judge_monitor(load_function: LoadFunction) -> Any:
    places = [Placement(monitor_id="shop", region=region, shard_id="1") for region in REGIONS]
    Table(DIRECTORY).save(
        [
            Write.put(keys.entity("monitor", "shop"), a_monitor()),
            *(Write.put(keys.placement("shop", place.region), place) for place in places),
        ]
    )
    settings = JudgeMonitorSettings(directory_table=DIRECTORY, monitoring_table=MONITORING)
    return load_function("judge_monitor", settings)


def regions_say(pattern: str, at: datetime) -> None:
    """`duu`: the first region says down."""
    views = RegionViews(MONITORING)
    for region, says in zip(REGIONS, pattern, strict=True):
        message, recent = ("refused", "--") if says == "d" else ("", "")
        known = MonitorView(state=STATES[says], since=at, checked_at=at, message=message, recent=recent)
        before = views.get(region, "1")
        view = RegionView(region=region, shard_id="1", monitors={"shop": known}, version=before.version)
        views.save(view, [], [], minute=at, now=at)


def observed(at: datetime = NOON) -> dict[str, Any]:
    change = ObservationChanged(occurred_at=at, monitor_id="shop", region=REGIONS[0], state=MonitorState.DOWN, since=at)
    return delivered(change)


def in_the_outbox() -> list[str]:
    items = boto3.client("dynamodb", region_name=REGION).scan(TableName=MONITORING)["Items"]
    return sorted(item["detail_type"]["S"] for item in items if item["pk"]["S"].startswith(keys.OUTBOX_PREFIX))


def judged_at(judge_monitor: Any, *moments: tuple[str, datetime]) -> None:
    for pattern, at in moments:
        regions_say(pattern, at)
        judge_monitor.utc_now = lambda at=at: at
        judge_monitor.handler(observed(at), None)


def test_the_majority_that_says_down_is_told_once(judge_monitor: Any) -> None:
    judged_at(judge_monitor, ("uuu", NOON), ("duu", after(minutes=1)), ("ddu", after(minutes=2)))
    judge_monitor.handler(observed(after(minutes=2)), None)
    judge_monitor.handler(observed(after(minutes=1)), None)

    status = MonitorStatusStore(MONITORING).get("shop")
    assert status is not None
    assert (status.state, status.message, status.regions_down) == (
        MonitorState.DOWN,
        "refused",
        ("eu-west-1", "us-east-1"),
    )
    assert in_the_outbox() == ["MonitorStatusChanged", "MonitorWentDown"]


def test_a_region_alone_is_not_believed(judge_monitor: Any) -> None:
    judged_at(judge_monitor, ("uuu", NOON), ("duu", after(minutes=1)))

    assert in_the_outbox() == ["MonitorStatusChanged"]


def test_an_observation_of_a_monitor_that_was_removed_is_dropped(judge_monitor: Any) -> None:
    gone = ObservationChanged(
        occurred_at=NOON, monitor_id="gone", region=REGIONS[0], state=MonitorState.DOWN, since=NOON
    )

    assert judge_monitor.handler(delivered(gone), None) == {"batchItemFailures": []}
    assert in_the_outbox() == []


def test_a_monitor_taken_out_while_down_and_put_back_while_down_is_news_again(judge_monitor: Any) -> None:
    judged_at(judge_monitor, ("ddd", NOON))
    monitor = judge_monitor.directory().monitor("shop")
    Table(DIRECTORY).save([Write.delete(keys.entity("monitor", "shop"))])
    removal = delivered(MonitorRemoved(occurred_at=after(minutes=1), monitor_id="shop"))

    judge_monitor.handler(removal, None)
    judge_monitor.handler(removal, None)
    Table(DIRECTORY).save([Write.put(keys.entity("monitor", "shop"), monitor)])
    judged_at(judge_monitor, ("ddd", after(minutes=2)))

    assert in_the_outbox() == ["MonitorWentDown", "MonitorWentDown"]


def test_a_regions_old_view_does_not_count(judge_monitor: Any) -> None:
    regions_say("duu", NOON)
    judge_monitor.utc_now = lambda: NOON + timedelta(minutes=5)

    judge_monitor.handler(observed(), None)

    assert MonitorStatusStore(MONITORING).get("shop") is None
    assert in_the_outbox() == []


def test_a_monitor_of_which_all_regions_fell_silent_is_unknown_once_somebody_asks(judge_monitor: Any) -> None:
    judged_at(judge_monitor, ("uuu", NOON))
    judge_monitor.utc_now = lambda: after(minutes=5)
    doubt = delivered(MonitorDoubted(occurred_at=after(minutes=5), monitor_id="shop", reason="no fresh vote"))

    judge_monitor.handler(doubt, None)
    judge_monitor.handler(doubt, None)

    status = MonitorStatusStore(MONITORING).get("shop")
    assert status is not None
    assert status.state is None
    assert in_the_outbox() == ["MonitorBecameUnknown", "MonitorStatusChanged"]


def test_a_monitor_whose_parent_is_down_is_shown_as_down_and_waits(judge_monitor: Any) -> None:
    gateway = MonitorStatus(
        monitor_id="gateway", service_id="web", state=MonitorState.DOWN, since=NOON, changed_at=NOON
    )
    MonitorStatusStore(MONITORING).save(gateway, [])
    Table(DIRECTORY).save(
        [
            Write.put(keys.entity("monitor", "gateway"), a_monitor("gateway")),
            Write.put(keys.entity("monitor", "shop"), a_monitor(depends_on=("gateway",))),
        ]
    )

    judged_at(judge_monitor, ("uuu", NOON), ("ddd", after(minutes=1)))

    status = MonitorStatusStore(MONITORING).get("shop")
    assert status is not None
    assert (status.state, status.muted_by) == (MonitorState.DOWN, "depends on gateway, which is down")
    assert [due.read() for due in MonitorStatusStore(MONITORING).due(after(minutes=2))] == [status]
    assert in_the_outbox() == ["MonitorStatusChanged", "MonitorStatusChanged"]


# maintenance, pauses and heartbeats ---------------------------------------------------------------


def put(kind: str, key: str, record: Record) -> None:
    Table(DIRECTORY).save([Write.put(keys.entity(kind, key), record)])


def status(monitor_id: str = "shop") -> MonitorStatus:
    found = MonitorStatusStore(MONITORING).get(monitor_id)
    assert found is not None
    return found


def test_in_maintenance_nobody_is_told_until_it_has_ended(judge_monitor: Any) -> None:
    window = a_window(once("2026-03-02T12:00", "2026-03-02T13:00"), "UTC")
    put("maintenance_window", "upgrade", window)

    judged_at(judge_monitor, ("ddd", after(minutes=1)))
    muted = status()
    regions_say("ddd", after(minutes=60))
    judge_monitor.utc_now = lambda: after(minutes=61)
    ended = MaintenanceEnded(occurred_at=after(minutes=60), window_id="upgrade", services=("web",))
    judge_monitor.handler(delivered(ended), None)
    asked = MonitorDoubted(occurred_at=ended.occurred_at, monitor_id="shop", reason="maintenance ended")
    judge_monitor.handler(delivered(asked), None)

    assert (muted.state, muted.muted_by) == (MonitorState.DOWN, "maintenance: DB upgrade until 13:00")
    assert (status().state, status().muted_by) == (MonitorState.DOWN, None)
    assert in_the_outbox() == ["MonitorDoubted", "MonitorStatusChanged", "MonitorWentDown"]


def test_of_monitors_that_are_up_nobody_asks_when_maintenance_ends(judge_monitor: Any) -> None:
    judged_at(judge_monitor, ("uuu", NOON))

    judge_monitor.handler(delivered(MaintenanceEnded(occurred_at=NOON, window_id="x", monitors=("shop",))), None)

    assert "MonitorDoubted" not in in_the_outbox()


def test_a_recovery_in_maintenance_was_never_news(judge_monitor: Any) -> None:
    put("maintenance_window", "upgrade", a_window(once("2026-03-02T12:00", "2026-03-02T13:00"), "UTC"))

    judged_at(judge_monitor, ("ddd", after(minutes=1)), ("uuu", after(minutes=9)))

    assert (status().state, status().muted_by) == (MonitorState.UP, None)
    assert set(in_the_outbox()) == {"MonitorStatusChanged"}


def test_a_paused_monitor_is_forgotten_and_late_news_of_it_is_dropped(judge_monitor: Any) -> None:
    judged_at(judge_monitor, ("ddd", NOON))
    Table(DIRECTORY).save([Write.put(keys.pause("shop"), Pause(monitor_id="shop", by="alice", at=NOON))])

    judge_monitor.handler(delivered(MonitorPaused(occurred_at=NOON, monitor_id="shop")), None)
    judged_at(judge_monitor, ("ddd", after(minutes=1)))

    assert status().state is None
    assert in_the_outbox() == ["MonitorWentDown"]


def test_a_pause_that_is_heard_of_after_its_end_has_the_outage_told_again(judge_monitor: Any) -> None:
    """The alert was withdrawn."""
    judged_at(judge_monitor, ("ddd", NOON))

    judge_monitor.handler(delivered(MonitorPaused(occurred_at=after(seconds=1), monitor_id="shop")), None)

    assert status().told is MonitorState.DOWN
    assert in_the_outbox() == ["MonitorWentDown", "MonitorWentDown"]


HOURLY = HeartbeatCheck(period=timedelta(hours=1), grace=timedelta(minutes=10))


def called(monitor_id: str = "backup", check: HeartbeatCheck = HOURLY) -> None:
    put("monitor", monitor_id, a_monitor(monitor_id, check=check))
    heartbeat, _ = receive(Heartbeat(monitor_id=monitor_id), Call(kind=CallKind.SUCCESS, at=NOON))
    HeartbeatStore(MONITORING).save(heartbeat, check, ())


@pytest.mark.parametrize(
    ("minutes", "state", "since"),
    [
        pytest.param(1, MonitorState.UP, NOON, id="called"),
        pytest.param(69, MonitorState.UP, NOON, id="late, however old its vote"),
        pytest.param(70, MonitorState.DOWN, after(minutes=70), id="silent"),
    ],
)
def test_a_heartbeat_has_one_vote_that_does_not_age(
    judge_monitor: Any, minutes: int, state: MonitorState, since: datetime
) -> None:
    called()
    judge_monitor.utc_now = lambda: after(minutes=minutes)

    judge_monitor.handler(
        delivered(MonitorDoubted(occurred_at=after(minutes=minutes), monitor_id="backup", reason="to see")), None
    )

    assert (status("backup").state, status("backup").since) == (state, since)


def test_new_times_of_a_heartbeat_count_from_its_last_call(judge_monitor: Any) -> None:
    called()
    shorter = HOURLY.model_copy(update={"period": timedelta(minutes=20)})
    put("monitor", "backup", a_monitor("backup", check=shorter))
    judge_monitor.utc_now = lambda: after(minutes=25)
    news = delivered(HeartbeatRescheduled(occurred_at=after(minutes=25), monitor_id="backup"))

    judge_monitor.handler(news, None)
    waiting = len(list(HeartbeatStore(MONITORING).overdue(after(minutes=30))))
    judge_monitor.utc_now = lambda: after(minutes=30)
    judge_monitor.handler(news, None)

    assert (waiting, list(HeartbeatStore(MONITORING).overdue(after(days=9)))) == (1, [])
    assert (status("backup").state, status("backup").since) == (MonitorState.DOWN, after(minutes=30))


def test_a_heartbeat_that_was_removed_is_not_waited_for(judge_monitor: Any) -> None:
    called()
    Table(DIRECTORY).save([Write.delete(keys.entity("monitor", "backup"))])

    judge_monitor.handler(delivered(MonitorRemoved(occurred_at=NOON, monitor_id="backup")), None)
    judge_monitor.handler(delivered(HeartbeatRescheduled(occurred_at=NOON, monitor_id="backup")), None)

    assert (HeartbeatStore(MONITORING).get("backup").version, in_the_outbox()) == (0, [])


# relay_events -------------------------------------------------------------------------------------


@pytest.fixture
def relay(load_function: LoadFunction) -> Any:
    return load_function("relay_events", RelayEventsSettings(event_bus="tocsin")).handler


def streamed(entries: Sequence[OutboxEntry]) -> dict[str, Any]:
    """A DynamoDB stream's event, of items as they were inserted."""
    return {
        "Records": [
            {
                "eventID": str(number),
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "awsRegion": REGION,
                "dynamodb": {
                    "Keys": {"pk": {"S": f"OUTBOX#{number}"}, "sk": {"S": "event"}},
                    "NewImage": {name: {"S": value} for name, value in entry}
                    | {"pk": {"S": f"OUTBOX#{number}"}, "sk": {"S": "event"}, "expires_at": {"N": "1773057600"}},
                    "StreamViewType": "NEW_IMAGE",
                },
            }
            for number, entry in enumerate(entries)
        ]
    }


class Bus:
    """Takes what EventBridge takes, and refuses the given event."""

    def __init__(self, refused: str = "") -> None:
        self.refused, self.calls = refused, list[list[Any]]()

    def put_events(self, Entries: list[Any]) -> dict[str, Any]:  # noqa: N803 - boto3's own name
        self.calls.append(Entries)
        answers = [
            {"ErrorCode": "ThrottlingException"} if e["DetailType"] == self.refused else {"EventId": "1"}
            for e in Entries
        ]
        return {"FailedEntryCount": sum("ErrorCode" in answer for answer in answers), "Entries": answers}


def an_entry(number: int = 0) -> OutboxEntry:
    event = MonitorWentDown(
        occurred_at=after(seconds=number),
        monitor_id="shop",
        service_id="web",
        started_at=NOON,
        regions=("eu-west-1",),
        message="refused",
    )
    return OutboxEntry.of(event)


def test_what_lies_in_the_outbox_goes_onto_the_bus_in_tens(relay: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Bus()
    monkeypatch.setattr(event_bus, "event_bridge", lambda: bus)

    relay(streamed([an_entry(number) for number in range(23)]), None)

    assert [len(call) for call in bus.calls] == [10, 10, 3]
    assert bus.calls[0][0] == {
        "EventBusName": "tocsin",
        "Source": "tocsin",
        "DetailType": "MonitorWentDown",
        "Detail": an_entry().detail,
    }


def test_an_event_the_bus_refuses_makes_the_stream_give_all_again(relay: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_bus, "event_bridge", lambda: Bus(refused="MonitorWentDown"))

    with pytest.raises(DeliveryError, match="refused 1 events"):
        relay(streamed([an_entry()]), None)
