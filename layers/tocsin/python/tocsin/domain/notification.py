"""One message to one responder: asked for, claimed by one sender at a time, sent or not."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from tocsin.domain.escalation import Escalation
from tocsin.domain.events import NotificationRequested
from tocsin.domain.incidents import Incident, IncidentStatus, TimelineEntry
from tocsin.domain.people import Person
from tocsin.domain.record import Event, Instant, Record
from tocsin.errors import ConflictError

LEASE = timedelta(seconds=30)
"""How long a sender may hold a notification. After that it is taken to be dead, and another one sends."""

OVERDUE = timedelta(minutes=1)
"""How long a notification may stay unsent before the sweeper asks for it again."""


class DeliveryState(StrEnum):
    REQUESTED = "requested"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


class Notification(Record):
    """`provider_id` is what the channel's provider calls the message it took."""

    notification_id: str
    incident_id: str
    person_id: str
    channel: str
    state: DeliveryState = DeliveryState.REQUESTED
    requested_at: Instant
    claimed_at: Instant | None = None
    sent_at: Instant | None = None
    due_at: Instant | None = None
    provider_id: str | None = None
    version: int = 0

    @property
    def is_settled(self) -> bool:
        return self.state in (DeliveryState.SENT, DeliveryState.SKIPPED, DeliveryState.FAILED)


class Delivery(NamedTuple):
    """A notification after a change, and what the timeline says about it."""

    notification: Notification
    entries: tuple[TimelineEntry, ...] = ()


def request(escalation: Escalation, channel: str, now: datetime) -> tuple[Notification, ...]:
    """One notification for each responder of the escalation's turn. The same turn gives the same ids."""
    return tuple(
        Notification(
            notification_id=f"{escalation.escalation_id}.{escalation.turn}.{person}.{channel}",
            incident_id=escalation.incident_id,
            person_id=person,
            channel=channel,
            requested_at=now,
            due_at=now + OVERDUE,
        )
        for person in escalation.responders
    )


def requested(notification: Notification, now: datetime) -> Event:
    return NotificationRequested(
        occurred_at=now, incident_id=notification.incident_id, notification_id=notification.notification_id
    )


def claim(notification: Notification, incident: Incident, now: datetime) -> Delivery:
    """Ready to send, or skipped because somebody has the incident in hand already.

    Raises ConflictError while another sender holds it.
    """
    if notification.is_settled:
        return Delivery(notification)
    if incident.status is not IncidentStatus.TRIGGERED:
        return Delivery(_settle(notification, DeliveryState.SKIPPED))
    if notification.claimed_at and now - notification.claimed_at < LEASE:
        raise ConflictError(f"{notification.notification_id} is being sent by somebody else")
    return Delivery(notification.model_copy(update={"state": DeliveryState.SENDING, "claimed_at": now}))


def sent(notification: Notification, person: Person, provider_id: str, now: datetime) -> Delivery:
    settled = _settle(notification, DeliveryState.SENT).model_copy(update={"sent_at": now, "provider_id": provider_id})
    return Delivery(
        settled, (_entry(notification, now, "paged", f"{person.name} was paged by {notification.channel}"),)
    )


def failed(notification: Notification, person: Person, reason: str, now: datetime) -> Delivery:
    """For good: trying again cannot help."""
    text = f"{person.name} could not be paged by {notification.channel}: {reason}"
    return Delivery(_settle(notification, DeliveryState.FAILED), (_entry(notification, now, "failed_page", text),))


def release(notification: Notification) -> Delivery:
    """Not sent this time; the next sender may try at once."""
    return Delivery(notification.model_copy(update={"state": DeliveryState.REQUESTED, "claimed_at": None}))


def remind(notification: Notification, now: datetime) -> Delivery:
    """Overdue: it is asked for again, and again a minute later if need be."""
    return Delivery(notification.model_copy(update={"due_at": now + OVERDUE}))


def _settle(notification: Notification, state: DeliveryState) -> Notification:
    return notification.model_copy(update={"state": state, "due_at": None})


def _entry(notification: Notification, at: datetime, kind: str, text: str) -> TimelineEntry:
    return TimelineEntry(incident_id=notification.incident_id, at=at, kind=kind, text=text)
