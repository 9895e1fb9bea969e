"""One record that cannot be read or moved holds up no other."""

import json
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import a_monitor, a_policy, after, an_incident
from tests.support.maintenance import a_window, once
from tests.support.tables import DIRECTORY, INCIDENTS, MONITORING, REGION
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.escalation import Escalation, begin
from tocsin.domain.heartbeat import Call, CallKind, receive
from tocsin.domain.incident import Change
from tocsin.domain.monitor_state import MonitorState
from tocsin.settings import SweepSettings
from tocsin.stores import keys
from tocsin.stores.executions import Executions
from tocsin.stores.heartbeats import HeartbeatStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

LATER = after(minutes=5)
SETTINGS = SweepSettings(
    directory_table=DIRECTORY, monitoring_table=MONITORING, incidents_table=INCIDENTS, state_machine_arn="machine"
)


@pytest.fixture
def restarted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The incidents whose escalations were started again; Step Functions fails for `broken`."""
    started: list[str] = []

    def restart(self: Executions, escalation: Escalation, now: Any) -> None:
        if escalation.incident_id == "broken":
            raise ConnectionError("no answer")
        started.append(escalation.incident_id)

    monkeypatch.setattr(Executions, "restart", restart)
    return started


@pytest.fixture
def sweep(load_function: LoadFunction, restarted: list[str]) -> Any:
    function: Any = load_function("sweep", SETTINGS)
    function.utc_now = lambda: LATER
    return function


def overdue(incident_id: str) -> None:
    incident = an_incident(incident_id=incident_id, service_id=incident_id)
    IncidentStore(INCIDENTS).save(Change(incident=incident, escalation=begin(incident, a_policy())))


def unreadable(kind: str) -> None:
    item = {"pk": "nonsense", "sk": kind, "due_kind": kind, "due_at": keys.instant(after(minutes=-1))}
    boto3.client("dynamodb", region_name=REGION).put_item(
        TableName=INCIDENTS, Item={name: {"S": value} for name, value in item.items()}
    )


def test_an_item_that_cannot_be_read_is_named_and_the_rest_moves_on(
    sweep: Any, restarted: list[str], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    unreadable("escalation")
    overdue("web")

    sweep.handler({}, None)

    assert restarted == ["web"]
    assert [vars(record)["pk"] for record in caplog.records if record.levelname == "ERROR"] == ["nonsense"]
    assert '"AllClean"' not in capsys.readouterr().out


def test_one_that_cannot_be_moved_holds_up_no_other(
    sweep: Any, restarted: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for incident_id in ("api", "broken", "web"):
        overdue(incident_id)

    sweep.handler({}, None)

    assert sorted(restarted) == ["api", "web"]
    assert '"AllClean"' not in capsys.readouterr().out


def test_a_notification_that_cannot_be_read_is_not_clean(sweep: Any, capsys: pytest.CaptureFixture[str]) -> None:
    unreadable("notification")

    sweep.handler({}, None)

    assert '"AllClean"' not in capsys.readouterr().out


# heartbeats and maintenance -----------------------------------------------------------------------

HOURLY = HeartbeatCheck(period=timedelta(hours=1), grace=timedelta(minutes=5))


def put(monitor: Monitor) -> None:
    Table(DIRECTORY).save([Write.put(keys.entity("monitor", monitor.monitor_id), monitor)])


def called(at: datetime, check: HeartbeatCheck = HOURLY) -> None:
    """It was called at this time, when the file said `check`."""
    heartbeat, events = receive(heartbeats().get("backup"), Call(kind=CallKind.SUCCESS, at=at))
    heartbeats().save(heartbeat, check, events)


def heartbeats() -> HeartbeatStore:
    return HeartbeatStore(MONITORING)


def told(detail_type: str) -> list[dict[str, Any]]:
    items = boto3.client("dynamodb", region_name=REGION).scan(TableName=MONITORING)["Items"]
    return [json.loads(item["detail"]["S"]) for item in items if item.get("detail_type") == {"S": detail_type}]


def test_a_silent_heartbeat_is_down_since_its_grace_was_over_told_once_and_all_is_clean(
    sweep: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    put(a_monitor("backup", check=HOURLY))
    called(after(minutes=-90))

    sweep.handler({}, None)
    sweep.handler({}, None)

    heartbeat = heartbeats().get("backup")
    assert (heartbeat.state, heartbeat.since) == (MonitorState.DOWN, after(minutes=-25))
    assert sorted(event["state"] for event in told("ObservationChanged")) == ["down", "up"]
    assert capsys.readouterr().out.count('"AllClean":[') == 2


def test_one_whose_times_were_changed_is_asked_again_when_it_is_due_by_the_new_ones(sweep: Any) -> None:
    put(a_monitor("backup", check=HOURLY.model_copy(update={"period": timedelta(hours=2)})))
    called(after(minutes=-90))

    sweep.handler({}, None)

    assert heartbeats().get("backup").state is MonitorState.UP
    assert list(heartbeats().overdue(after(minutes=34))) == []
    assert len(list(heartbeats().overdue(after(minutes=35)))) == 1


@pytest.mark.parametrize("gone", ["removed", "paused", "checked"])
def test_one_that_is_not_watched_any_more_is_forgotten(sweep: Any, gone: str) -> None:
    if gone != "removed":
        put(a_monitor("backup", paused=gone == "paused", **({"check": HOURLY} if gone == "paused" else {})))
    called(after(minutes=-90))

    sweep.handler({}, None)

    assert (heartbeats().get("backup").version, list(heartbeats().overdue(LATER))) == (0, [])


def test_one_that_calls_while_it_is_swept_stays_up(sweep: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(a_monitor("backup", check=HOURLY))
    called(after(minutes=-90))
    stale = list(heartbeats().overdue(LATER))
    called(after(minutes=4))
    monkeypatch.setattr(HeartbeatStore, "overdue", lambda *_: stale)

    sweep.handler({}, None)

    assert heartbeats().get("backup").state is MonitorState.UP


def test_maintenance_begins_and_ends_once(sweep: Any) -> None:
    window = a_window(once("2026-03-02T12:00", "2026-03-02T13:00"), "UTC")
    Table(DIRECTORY).save([Write.put(keys.entity("maintenance_window", "upgrade"), window)])

    for minutes in (-1, 1, 2, 59, 61, 62):
        sweep.utc_now = lambda minutes=minutes: after(minutes=minutes)
        sweep.handler({}, None)

    assert [event["occurred_at"] for event in told("MaintenanceBegan")] == ["2026-03-02T12:00:00Z"]
    assert [event["occurred_at"] for event in told("MaintenanceEnded")] == ["2026-03-02T13:00:00Z"]
