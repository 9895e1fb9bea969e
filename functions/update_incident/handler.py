"""Monitors that go down open incidents or join open ones; monitors that recover, or work badly at least, clear them."""

from collections.abc import Callable
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.events import (
    MonitorDegraded,
    MonitorPaused,
    MonitorRecovered,
    MonitorRemoved,
    MonitorWentDown,
    parse_event,
)
from tocsin.domain.incident import Change, alert_id, clear, ease, fire, withdraw
from tocsin.domain.incidents import Alert, Incident
from tocsin.domain.people import Service
from tocsin.errors import NotFoundError
from tocsin.settings import UpdateIncidentSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.retry import retry_lost_races

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)


@cache
def settings() -> UpdateIncidentSettings:
    return UpdateIncidentSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def incidents() -> IncidentStore:
    return IncidentStore(settings().incidents_table)


def went_down(event: MonitorWentDown) -> Change:
    """Nothing, when the monitor was removed or paused meanwhile: nobody is paged about what nobody checks."""
    if directory().watched(event.monitor_id) is None:
        return Change()
    service = service_of(event)
    policy = directory().escalation_policy(service.escalation_policy)
    alert, open_incident = incidents().alert(alert_id(event.monitor_id)), incidents().open_for(service.service_id)
    return fire(alert, open_incident, event, service, policy)


def degraded(event: MonitorDegraded) -> Change:
    alert = incidents().alert(alert_id(event.monitor_id))
    return ease(alert, incident_of(alert) or incidents().open_for(event.service_id), event)


def recovered(event: MonitorRecovered) -> Change:
    alert = incidents().alert(alert_id(event.monitor_id))
    return clear(alert, incident_of(alert), event)


def unwatched(event: MonitorRemoved | MonitorPaused) -> Change:
    alert = incidents().alert(alert_id(event.monitor_id))
    is_watched = directory().watched(event.monitor_id) is not None
    return withdraw(alert, incident_of(alert), event, utc_now(), is_watched=is_watched)


def service_of(event: MonitorWentDown) -> Service:
    """The monitor's service as the event knows it or, if that one was renamed meanwhile, as the file does now."""
    try:
        return directory().service(event.service_id)
    except NotFoundError:
        return directory().service(directory().monitor(event.monitor_id).service_id)


def incident_of(alert: Alert | None) -> Incident | None:
    return incidents().get(alert.incident_id) if alert and alert.incident_id else None


Taken = MonitorWentDown | MonitorDegraded | MonitorRecovered | MonitorRemoved | MonitorPaused
CHANGES: dict[type[Taken], Callable[[Any], Change]] = {
    MonitorWentDown: went_down,
    MonitorDegraded: degraded,
    MonitorRecovered: recovered,
    MonitorRemoved: unwatched,
    MonitorPaused: unwatched,
}


@retry_lost_races
def update_incident(record: SQSRecord) -> None:
    event = parse_event(record.body, *CHANGES)
    change = CHANGES[type(event)](event)
    incidents().save(change)
    incident_id = change.incident.incident_id if change.incident else None
    logger.info(
        "updated", event_id=event.event_id, incident_id=incident_id, events=[type(e).__name__ for e in change.events]
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, update_incident, processor, context)
