"""Incidents with everything that hangs on them, in the `incidents` table."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import TypeVar

from tocsin.domain.escalation import Escalation
from tocsin.domain.incident import Change
from tocsin.domain.incidents import Alert, Incident, IncidentStatus, TimelineEntry
from tocsin.domain.notification import Delivery, Notification
from tocsin.domain.record import Event, Record
from tocsin.domain.status_page import StatusUpdate
from tocsin.errors import NotFoundError
from tocsin.stores import keys
from tocsin.stores.items import Stored
from tocsin.stores.keys import Key
from tocsin.stores.table import Table, Write

R = TypeVar("R", bound=Record)

PAGES_PER_SAVE = 45
"""A transaction has 100 items at most: two for each page, and one that looks at the incident."""


class OpenIncident(Record):
    incident_id: str


class IncidentStore:
    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self, incident_id: str) -> Incident:
        """Raises NotFoundError."""
        return _found(self._table.get(keys.incident(incident_id), Incident), f"incident {incident_id}")

    def open_for(self, service_id: str) -> Incident | None:
        pointer = self._table.get(keys.open_incident(service_id), OpenIncident)
        return self.get(pointer.incident_id) if pointer else None

    def alert(self, alert_id: str) -> Alert | None:
        return self._table.get(keys.alert(alert_id), Alert)

    def recent(self, limit: int) -> list[Incident]:
        """The newest incidents first, by when they were triggered."""
        found = self._table.query_index("recent", "incident", Incident, newest_first=True, limit=limit)
        return [stored.read() for stored in found]

    def timeline(self, incident_id: str) -> list[TimelineEntry]:
        return self._under(incident_id, "timeline#", TimelineEntry)

    def status_updates(self, incident_id: str) -> list[StatusUpdate]:
        return self._under(incident_id, "update#", StatusUpdate)

    def escalations(self, incident_id: str) -> list[Escalation]:
        return self._under(incident_id, "escalation#", Escalation)

    def notifications(self, incident_id: str) -> list[Notification]:
        return self._under(incident_id, "notification#", Notification)

    def escalation(self, incident_id: str, escalation_id: str) -> Escalation:
        """Raises NotFoundError."""
        return _found(
            self._table.get(keys.escalation(incident_id, escalation_id), Escalation), f"escalation {escalation_id}"
        )

    def notification(self, incident_id: str, notification_id: str) -> Notification:
        """Raises NotFoundError."""
        key = keys.notification(incident_id, notification_id)
        return _found(self._table.get(key, Notification), f"notification {notification_id}")

    def overdue_escalations(self, until: datetime) -> Iterator[Stored[Escalation]]:
        return self._table.query_index("due", "escalation", Escalation, until=until)

    def overdue_notifications(self, until: datetime) -> Iterator[Stored[Notification]]:
        return self._table.query_index("due", "notification", Notification, until=until)

    def _under(self, incident_id: str, prefix: str, model: type[R]) -> list[R]:
        return list(self._table.query(keys.incident(incident_id).pk, model, prefix=prefix))

    def save(self, change: Change) -> None:
        """One transaction. Raises ConflictError when any of it was changed by somebody else."""
        self._table.save(list(_writes(change)), change.events)

    def save_escalation(self, escalation: Escalation, entries: Iterable[TimelineEntry] = ()) -> None:
        """Raises ConflictError."""
        self._table.save([_escalation(escalation), *_timeline(entries)])

    def save_page(self, escalation: Escalation, requests: Sequence[tuple[Notification, Event]]) -> None:
        """New notifications, each with the event that asks for it, then the escalation; all while the incident is
        still triggered. Very many people are several transactions: after a failure, what is left can be saved again.

        Raises ConflictError.
        """
        still = Write.require(
            keys.incident(escalation.incident_id), "#status = :status", status=IncidentStatus.TRIGGERED.value
        )
        for first in range(0, len(requests), PAGES_PER_SAVE):
            chunk = requests[first : first + PAGES_PER_SAVE]
            self._table.save([still, *(_notification(page) for page, _ in chunk)], [event for _, event in chunk])
        self._table.save([still, _escalation(escalation)])

    def save_delivery(self, delivery: Delivery, events: Iterable[Event] = ()) -> None:
        """Raises ConflictError."""
        self._table.save([_notification(delivery.notification), *_timeline(delivery.entries)], events)


def _writes(change: Change) -> Iterator[Write]:
    if change.alert:
        yield _versioned(keys.alert(change.alert.alert_id), change.alert)
    if change.incident:
        yield _incident(change.incident)
        yield from _open_pointer(change.incident)
    if change.escalation:
        yield _escalation(change.escalation)
    yield from chain(_timeline(change.entries), map(_status_update, change.updates))


def _incident(incident: Incident) -> Write:
    key = keys.incident(incident.incident_id)
    return _versioned(key, incident, recent_kind="incident", recent_at=keys.instant(incident.triggered_at))


def _open_pointer(incident: Incident) -> Iterator[Write]:
    key = keys.open_incident(incident.service_id)
    if incident.version == 0:
        yield Write.create(key, OpenIncident(incident_id=incident.incident_id))
    elif incident.status is IncidentStatus.RESOLVED:
        yield Write.delete(key)


def _escalation(escalation: Escalation) -> Write:
    key = keys.escalation(escalation.incident_id, escalation.escalation_id)
    return _versioned(key, escalation, **_due("escalation", escalation.due_at))


def _notification(notification: Notification) -> Write:
    key = keys.notification(notification.incident_id, notification.notification_id)
    return _versioned(key, notification, **_due("notification", notification.due_at))


def _status_update(update: StatusUpdate) -> Write:
    return Write.put(keys.status_update(update.incident_id, update.posted_at), update)


def _timeline(entries: Iterable[TimelineEntry]) -> Iterator[Write]:
    for entry in dict.fromkeys(entries):
        entry_id = hashlib.sha256(f"{entry.kind} {entry.text}".encode()).hexdigest()[:8]
        yield Write.put(keys.timeline(entry.incident_id, entry.at, entry_id), entry)


def _due(kind: str, due_at: datetime | None) -> dict[str, str]:
    return {"due_kind": kind, "due_at": keys.instant(due_at)} if due_at else {}


def _versioned(key: Key, record: Alert | Incident | Escalation | Notification, **attributes: str) -> Write:
    following = record.model_copy(update={"version": record.version + 1})
    return Write.replace(key, following, version=record.version, **attributes)


def _found(record: R | None, what: str) -> R:
    if record is None:
        raise NotFoundError(f"there is no {what}")
    return record
