"""What may change an incident: alerts that fire and clear, people who acknowledge."""

from datetime import datetime
from typing import NamedTuple

from tocsin.domain.escalation import Escalation, begin
from tocsin.domain.events import (
    IncidentAcknowledged,
    IncidentResolved,
    IncidentTriggered,
    IncidentUpdated,
    MonitorDegraded,
    MonitorPaused,
    MonitorRecovered,
    MonitorRemoved,
    MonitorWentDown,
)
from tocsin.domain.incidents import Alert, Incident, IncidentStatus, TimelineEntry
from tocsin.domain.people import Person, Service
from tocsin.domain.policy import EscalationPolicy
from tocsin.domain.record import Event
from tocsin.domain.status_page import PublicStatus, StatusUpdate

PUBLIC_BEGINNING = "We have noticed a problem and are investigating it."
PUBLIC_END = "The problem is over: everything is working again."
PUBLIC_EASED = "The outage is over, but something does not work as well as it should yet. We are still looking at it."
"""Public words name no service: which components are affected is said beside them, by their public names."""


class Change(NamedTuple):
    """What one event changes; saved in one transaction. None and empty mean untouched."""

    alert: Alert | None = None
    incident: Incident | None = None
    escalation: Escalation | None = None
    entries: tuple[TimelineEntry, ...] = ()
    updates: tuple[StatusUpdate, ...] = ()
    events: tuple[Event, ...] = ()


def alert_id(monitor_id: str) -> str:
    return f"monitor:{monitor_id}"


def fire(
    alert: Alert | None,
    open_incident: Incident | None,
    event: MonitorWentDown,
    service: Service,
    policy: EscalationPolicy,
) -> Change:
    """A monitor went down: a new incident, or one more alert on the service's open one. Old news changes nothing."""
    if alert and event.occurred_at <= alert.changed_at:
        return Change()
    incident = open_incident or _new_incident(event, service)
    firing = _alert(event, firing=True, incident_id=incident.incident_id, before=alert)
    joined = incident.model_copy(update={"firing_alerts": _with(incident.firing_alerts, firing.alert_id)})
    change = Change(firing, joined, entries=_what_was_seen(joined, event))
    if open_incident:
        return change._replace(events=(IncidentUpdated(occurred_at=event.occurred_at, incident_id=joined.incident_id),))
    return _triggered(change, joined, policy)


def clear(alert: Alert | None, incident: Incident | None, event: MonitorRecovered) -> Change:
    """A monitor is up. The last alert to clear resolves its incident.

    Even with nothing to clear the news is kept on the alert: an older outage that arrives later is known to be over.
    """
    if alert and event.occurred_at <= alert.changed_at:
        return Change()
    cleared = _alert(event, firing=False, incident_id=None, before=alert)
    if not alert or not alert.firing:
        return Change(cleared)
    return _without(cleared, incident, f"{event.monitor_id} is up again")


def ease(alert: Alert | None, incident: Incident | None, event: MonitorDegraded) -> Change:
    """A monitor works, but not well: that ends its outage; without one it is a note on the service's open incident."""
    if alert and event.occurred_at <= alert.changed_at:
        return Change()
    eased = _alert(event, firing=False, incident_id=None, before=alert)
    said = f"{event.monitor_id} is degraded, seen from {', '.join(event.regions)}: {event.message}"
    if alert and alert.firing:
        return _without(eased, incident, said, public=PUBLIC_EASED)
    return Change(eased, entries=(_entry(incident, event.occurred_at, "degraded", said),) if incident else ())


def withdraw(
    alert: Alert | None,
    incident: Incident | None,
    event: MonitorRemoved | MonitorPaused,
    now: datetime,
    *,
    is_watched: bool,
) -> Change:
    """A monitor was removed or paused: nothing else clears its alert. If it is watched again, a newer one stays."""
    # By the clock of whoever did it, which may be ahead: the next outage would be taken for an older one.
    at = min(event.occurred_at, now)
    if not alert or not alert.firing or (is_watched and alert.changed_at > at):
        return Change()
    withdrawn = alert.model_copy(update={"firing": False, "incident_id": None, "changed_at": max(at, alert.changed_at)})
    said = "is paused" if isinstance(event, MonitorPaused) else "is no longer monitored"
    return _without(withdrawn, incident, f"{event.monitor_id} {said}")


def acknowledge(incident: Incident, person: Person, now: datetime) -> Change:
    """Only a triggered incident can be acknowledged; at any other time nothing changes."""
    if incident.status is not IncidentStatus.TRIGGERED:
        return Change()
    taken = incident.model_copy(
        update={"status": IncidentStatus.ACKNOWLEDGED, "acknowledged_at": now, "acknowledged_by": person.person_id}
    )
    entry = _entry(taken, now, "acknowledged", f"{person.name} acknowledged", actor=person.person_id)
    event = IncidentAcknowledged(occurred_at=now, incident_id=taken.incident_id, person_id=person.person_id)
    return Change(incident=taken, entries=(entry,), events=(event,))


def _new_incident(event: MonitorWentDown, service: Service) -> Incident:
    return Incident(
        incident_id=f"{event.occurred_at:%Y%m%d-%H%M}-{event.event_id[:6]}",
        title=f"{service.name}: {event.monitor_id} is down",
        service_id=service.service_id,
        service_name=service.name,
        runbook=service.runbook,
        severity=service.severity,
        status=IncidentStatus.TRIGGERED,
        started_at=event.started_at,
        triggered_at=event.occurred_at,
    )


def _triggered(change: Change, incident: Incident, policy: EscalationPolicy) -> Change:
    event = IncidentTriggered(
        occurred_at=incident.triggered_at,
        incident_id=incident.incident_id,
        service_id=incident.service_id,
        severity=incident.severity,
    )
    escalation = begin(incident, policy) if incident.severity.pages else None
    update = _update(incident, PublicStatus.INVESTIGATING, PUBLIC_BEGINNING, incident.triggered_at)
    return change._replace(escalation=escalation, updates=(update,), events=(event,))


def _without(alert: Alert, incident: Incident | None, said: str, public: str = PUBLIC_END) -> Change:
    """The incident without an alert that has stopped firing; over, when it was the last one."""
    if incident is None or incident.status is IncidentStatus.RESOLVED:
        return Change(alert)
    at = alert.changed_at
    left = tuple(other for other in incident.firing_alerts if other != alert.alert_id)
    remaining = incident.model_copy(update={"firing_alerts": left})
    change = Change(alert, remaining, entries=(_entry(remaining, at, "recovered", said),))
    if not left:
        return _resolved(change, remaining, at, public)
    return change._replace(events=(IncidentUpdated(occurred_at=at, incident_id=remaining.incident_id),))


def _resolved(change: Change, incident: Incident, at: datetime, public: str) -> Change:
    resolved = incident.model_copy(update={"status": IncidentStatus.RESOLVED, "resolved_at": at})
    update = _update(resolved, PublicStatus.RESOLVED, public, at)
    entries = (*change.entries, _entry(resolved, at, "resolved", "Resolved: every alert has cleared"))
    event = IncidentResolved(occurred_at=at, incident_id=resolved.incident_id)
    return change._replace(incident=resolved, entries=entries, updates=(update,), events=(event,))


def _what_was_seen(incident: Incident, event: MonitorWentDown) -> tuple[TimelineEntry, ...]:
    confirmed = f"{event.monitor_id} is down, confirmed from {', '.join(event.regions)}: {event.message}"
    return (
        _entry(incident, event.started_at, "failed", f"First failed check of {event.monitor_id}"),
        _entry(incident, event.occurred_at, "triggered", confirmed),
    )


def _alert(
    event: MonitorWentDown | MonitorDegraded | MonitorRecovered,
    *,
    firing: bool,
    incident_id: str | None,
    before: Alert | None,
) -> Alert:
    return Alert(
        alert_id=alert_id(event.monitor_id),
        service_id=event.service_id,
        firing=firing,
        changed_at=event.occurred_at,
        summary=event.message if isinstance(event, MonitorWentDown) else "",
        incident_id=incident_id,
        version=before.version if before else 0,
    )


def _with(alerts: tuple[str, ...], alert: str) -> tuple[str, ...]:
    return alerts if alert in alerts else (*alerts, alert)


def _entry(incident: Incident, at: datetime, kind: str, text: str, actor: str = "tocsin") -> TimelineEntry:
    return TimelineEntry(incident_id=incident.incident_id, at=at, kind=kind, text=text, actor=actor)


def _update(incident: Incident, status: PublicStatus, body: str, at: datetime) -> StatusUpdate:
    return StatusUpdate(incident_id=incident.incident_id, status=status, body=body, posted_at=at)
