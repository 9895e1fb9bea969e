"""Every event there is. The class name is the EventBridge detail-type.

`docs/architecture.md` says who makes and who takes each.
"""

import json
from typing import Any, TypeVar

from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.people import Severity
from tocsin.domain.record import Event, Instant
from tocsin.errors import RefusedError

SOURCE = "tocsin"


class DirectoryApplied(Event):
    """`tocsin apply` changed something; `changed` names the entities, as `monitor/home`."""

    changed: tuple[str, ...]


class ObservationChanged(Event):
    """One region changed its mind about one monitor. `since` is when the new state began there.

    `flapping` when it is down because it alternates.
    """

    monitor_id: str
    region: str
    state: MonitorState
    since: Instant
    flapping: bool = False
    message: str = ""


class MonitorWentDown(Event):
    """Confirmed by a quorum of regions. `started_at` is the first failed check; `message` what was found."""

    monitor_id: str
    service_id: str
    started_at: Instant
    regions: tuple[str, ...]
    message: str
    flapping: bool = False


class MonitorDegraded(Event):
    """Works, but not well: slow, or with a certificate near its end. Said as of an outage; after one, it is over."""

    monitor_id: str
    service_id: str
    started_at: Instant
    regions: tuple[str, ...]
    message: str


class MonitorRecovered(Event):
    """Up again, after MonitorWentDown or MonitorDegraded."""

    monitor_id: str
    service_id: str


class MonitorBecameUnknown(Event):
    """No region has a fresh vote: nobody can say whether it works."""

    monitor_id: str
    service_id: str


class MonitorStatusChanged(Event):
    """What is shown of a monitor is another, and nobody is told: seen for the first time or again, or muted."""

    monitor_id: str
    service_id: str


class MonitorDoubted(Event):
    """What was judged may not hold any more; `reason` is why."""

    monitor_id: str
    reason: str


class MonitorRemoved(Event):
    """Taken out of the file: nothing will be heard of it again."""

    monitor_id: str


class MonitorPaused(Event):
    """By the file or by a person: it is no longer watched, and what it had opened is withdrawn."""

    monitor_id: str


class HeartbeatRescheduled(Event):
    """The file says that a heartbeat is to be called at other times, or with other grace."""

    monitor_id: str


class MaintenanceBegan(Event):
    """A maintenance window is on: nobody is told of the monitors of these services, nor of these, until its end."""

    window_id: str
    services: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()


class MaintenanceEnded(Event):
    """It is off, by its time or because it was taken out of the file: what is wrong now is news."""

    window_id: str
    services: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()


class IncidentTriggered(Event):
    incident_id: str
    service_id: str
    severity: Severity


class IncidentUpdated(Event):
    """Something that is shown changed on an open incident: an alert joined or cleared, an update was posted."""

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


E = TypeVar("E", bound=Event)


def parse_event(envelope: str, *expected: type[E]) -> E:
    """The event inside an EventBridge envelope (`detail-type`, `detail`), as SQS delivers it.

    Raises RefusedError for any event that is not expected, pydantic.ValidationError when a field is missing or unknown.
    """
    message: dict[str, Any] = json.loads(envelope)
    name = message.get("detail-type")
    for event in expected:
        if event.__name__ == name:
            return event.model_validate(message["detail"])
    raise RefusedError(f"{name!r} was not expected here, only {', '.join(event.__name__ for event in expected)}")
