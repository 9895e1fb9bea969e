"""Every event there is. The class name is the EventBridge detail-type; `docs/architecture.md` says who makes and takes each."""

import json
from typing import Any

from tocsin.domain.people import Severity
from tocsin.domain.record import Event, Instant
from tocsin.errors import RefusedError

SOURCE = "tocsin"


class DirectoryApplied(Event):
    """`tocsin apply` changed something; `changed` names the entities, as `monitor/home`."""

    changed: tuple[str, ...]


class ObservationChanged(Event):
    """One region changed its mind about one monitor. `since` is when the new state began there."""

    monitor_id: str
    region: str
    up: bool
    since: Instant
    message: str = ""


class MonitorWentDown(Event):
    """Confirmed by a quorum of regions. `started_at` is the first failed check; `message` what was found."""

    monitor_id: str
    service_id: str
    started_at: Instant
    regions: tuple[str, ...]
    message: str


class MonitorRecovered(Event):
    monitor_id: str
    service_id: str


class IncidentTriggered(Event):
    incident_id: str
    service_id: str
    severity: Severity


class IncidentUpdated(Event):
    """Something about an open incident changed that is shown: an alert joined or cleared, a status update was posted."""

    incident_id: str


class IncidentAcknowledged(Event):
    incident_id: str
    person_id: str


class IncidentResolved(Event):
    incident_id: str


class NotificationRequested(Event):
    """A responder is to be told. `notification_id` is the key that makes a second delivery harmless."""

    incident_id: str
    notification_id: str


EVENTS: dict[str, type[Event]] = {
    event.__name__: event
    for event in (
        DirectoryApplied,
        ObservationChanged,
        MonitorWentDown,
        MonitorRecovered,
        IncidentTriggered,
        IncidentUpdated,
        IncidentAcknowledged,
        IncidentResolved,
        NotificationRequested,
    )
}


def parse_event(envelope: str) -> Event:
    """The event inside an EventBridge envelope (`detail-type`, `detail`), as SQS delivers it.

    Raises RefusedError when no such event exists, pydantic.ValidationError when it lacks or adds a field.
    """
    message: dict[str, Any] = json.loads(envelope)
    try:
        event = EVENTS[message["detail-type"]]
    except KeyError:
        raise RefusedError(f"no event is called {message.get('detail-type')!r}") from None
    return event.model_validate(message["detail"])
