"""From a monitor that went down to an incident, through the real handler and tables."""

from datetime import datetime
from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, a_monitor, a_policy, a_service, after, degraded, recovered, went_down
from tests.support.envelopes import delivered
from tests.support.tables import DIRECTORY, INCIDENTS, REGION
from tocsin.domain.events import IncidentResolved, IncidentTriggered, MonitorPaused, MonitorRemoved
from tocsin.domain.incidents import IncidentStatus
from tocsin.domain.outbox import OutboxEntry
from tocsin.domain.pause import Pause
from tocsin.errors import ConflictError
from tocsin.settings import UpdateIncidentSettings
from tocsin.stores import keys
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")


@pytest.fixture
def update_incident(load_function: LoadFunction) -> Any:
    Table(DIRECTORY).save(
        [
            Write.put(keys.entity("service", "web"), a_service()),
            Write.put(keys.entity("escalation_policy", "default"), a_policy()),
            *(Write.put(keys.entity("monitor", name), a_monitor(name)) for name in ("shop", "checkout")),
        ]
    )
    return load_function(
        "update_incident", UpdateIncidentSettings(directory_table=DIRECTORY, incidents_table=INCIDENTS)
    )


def in_the_outbox() -> list[str]:
    items = boto3.client("dynamodb", region_name=REGION).scan(TableName=INCIDENTS)["Items"]
    return sorted(item["detail_type"]["S"] for item in items if item["pk"]["S"].startswith(keys.OUTBOX_PREFIX))


def test_an_outage_is_one_incident_with_its_timeline_and_its_event(update_incident: Any) -> None:
    answer = update_incident.handler(delivered(went_down()), None)

    incident = IncidentStore(INCIDENTS).open_for("web")
    assert answer == {"batchItemFailures": []}
    assert incident is not None
    assert (incident.status, incident.version) == (IncidentStatus.TRIGGERED, 1)
    assert [e.kind for e in IncidentStore(INCIDENTS).timeline(incident.incident_id)] == ["failed", "triggered"]
    assert len(IncidentStore(INCIDENTS).escalations(incident.incident_id)) == 1
    assert in_the_outbox() == ["IncidentTriggered"]


def test_two_deliveries_of_one_event_open_one_incident(update_incident: Any) -> None:
    update_incident.handler(delivered(went_down()), None)
    update_incident.handler(delivered(went_down(), went_down()), None)

    assert len(IncidentStore(INCIDENTS).recent(10)) == 1
    assert in_the_outbox() == ["IncidentTriggered"]


def test_the_recovery_closes_it_and_the_next_outage_is_a_new_one(update_incident: Any) -> None:
    for event in (went_down(), recovered(at=after(minutes=5)), went_down(at=after(minutes=9))):
        update_incident.handler(delivered(event), None)

    newest, oldest = IncidentStore(INCIDENTS).recent(10)
    assert (oldest.status, oldest.resolved_at) == (IncidentStatus.RESOLVED, after(minutes=5))
    assert newest.status is IncidentStatus.TRIGGERED
    assert in_the_outbox() == ["IncidentResolved", "IncidentTriggered", "IncidentTriggered"]


def test_a_pause_withdraws_the_alert_and_late_news_pages_nobody(update_incident: Any) -> None:
    update_incident.utc_now = lambda: after(minutes=6)
    update_incident.handler(delivered(went_down()), None)
    Table(DIRECTORY).save([Write.put(keys.pause("shop"), Pause(monitor_id="shop", by="alice", at=NOON))])

    update_incident.handler(delivered(MonitorPaused(occurred_at=after(minutes=5), monitor_id="shop")), None)
    update_incident.handler(delivered(went_down(at=after(minutes=6))), None)

    [incident] = IncidentStore(INCIDENTS).recent(10)
    assert (incident.status, incident.resolved_at) == (IncidentStatus.RESOLVED, after(minutes=5))
    texts = [entry.text for entry in IncidentStore(INCIDENTS).timeline(incident.incident_id)]
    assert "shop is paused" in texts


def test_slowness_is_a_line_on_the_timeline_of_the_open_incident(update_incident: Any) -> None:
    for event in (went_down(), degraded("checkout", after(minutes=1))):
        update_incident.handler(delivered(event, event), None)

    incident = IncidentStore(INCIDENTS).open_for("web")
    assert incident is not None
    kinds = [entry.kind for entry in IncidentStore(INCIDENTS).timeline(incident.incident_id)]
    assert kinds == ["failed", "triggered", "degraded"]
    assert in_the_outbox() == ["IncidentTriggered"]


def test_an_outage_told_after_its_end_stays_closed(update_incident: Any) -> None:
    update_incident.handler(delivered(recovered(at=after(minutes=5))), None)
    update_incident.handler(delivered(went_down(at=NOON)), None)

    assert IncidentStore(INCIDENTS).recent(10) == []
    assert in_the_outbox() == []


def test_a_lost_race_is_run_again_and_lands(update_incident: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store, races = update_incident.incidents(), iter([ConflictError("first"), ConflictError("second")])
    really = store.save

    def sometimes(change: Any) -> None:
        if race := next(races, None):
            raise race
        really(change)

    monkeypatch.setattr(store, "save", sometimes)

    answer = update_incident.handler(delivered(went_down()), None)

    assert answer == {"batchItemFailures": []}
    assert store.open_for("web") is not None


def test_two_workers_that_both_saw_no_incident_open_one(update_incident: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    store = update_incident.incidents()
    really, blind = store.open_for, iter([None])
    update_incident.handler(delivered(went_down("shop")), None)
    monkeypatch.setattr(store, "open_for", lambda service_id: next(blind, really(service_id)))

    update_incident.handler(delivered(went_down("checkout", after(seconds=1))), None)

    (incident,) = store.recent(10)
    assert incident.firing_alerts == ("monitor:shop", "monitor:checkout")


def test_what_cannot_be_read_goes_back_to_the_queue_alone(update_incident: Any) -> None:
    batch = delivered(went_down(), IncidentResolved(occurred_at=NOON, incident_id="x"))

    answer = update_incident.handler(batch, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": batch["Records"][1]["messageId"]}]}
    assert IncidentStore(INCIDENTS).open_for("web") is not None


def test_the_outbox_holds_the_event_as_it_was(update_incident: Any) -> None:
    update_incident.handler(delivered(went_down()), None)

    (incident,) = IncidentStore(INCIDENTS).recent(1)
    event = IncidentTriggered(
        occurred_at=NOON, incident_id=incident.incident_id, service_id="web", severity=incident.severity
    )
    assert Table(INCIDENTS).get(keys.outbox(event), OutboxEntry) == OutboxEntry.of(event)


@pytest.mark.parametrize(
    ("removed_at", "is_open"),
    [
        pytest.param(after(minutes=-1), True, id="of what is newer than that nothing is withdrawn"),
        pytest.param(after(minutes=9), False, id="what it had opened before is told again if it still holds"),
    ],
)
def test_a_removal_that_arrives_when_the_monitor_is_back(
    update_incident: Any, removed_at: datetime, is_open: bool
) -> None:
    update_incident.utc_now = lambda: after(minutes=10)
    update_incident.handler(delivered(went_down()), None)

    update_incident.handler(delivered(MonitorRemoved(occurred_at=removed_at, monitor_id="shop")), None)

    assert (IncidentStore(INCIDENTS).open_for("web") is not None) == is_open


def test_an_outage_that_arrives_after_the_removal_of_its_monitor_opens_nothing(update_incident: Any) -> None:
    """Nothing would ever close it."""
    Table(DIRECTORY).save([Write.delete(keys.entity("monitor", "shop"))])

    update_incident.handler(delivered(MonitorRemoved(occurred_at=after(minutes=1), monitor_id="shop")), None)
    update_incident.handler(delivered(went_down()), None)

    assert IncidentStore(INCIDENTS).recent(10) == []


def test_an_outage_of_a_service_that_was_renamed_meanwhile_is_an_incident_of_the_new_name(update_incident: Any) -> None:
    renamed = a_service("website", name="The website")
    Table(DIRECTORY).save(
        [
            Write.delete(keys.entity("service", "web")),
            Write.put(keys.entity("service", "website"), renamed),
            Write.put(keys.entity("monitor", "shop"), a_monitor(service_id="website")),
        ]
    )

    update_incident.handler(delivered(went_down()), None)

    incident = IncidentStore(INCIDENTS).open_for("website")
    assert incident is not None
    assert incident.service_name == "The website"
