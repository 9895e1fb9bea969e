"""The records of an incident. What may change them is in `incident.py`."""

from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.domain.people import Severity
from tocsin.domain.record import Instant, Record


class IncidentStatus(StrEnum):
    TRIAGE = "triage"
    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Alert(Record):
    """A deduplicated signal. `changed_at` is the time of the newest fact it has taken in; older ones change nothing."""

    alert_id: str
    service_id: str
    firing: bool
    changed_at: Instant
    summary: str = ""
    incident_id: str | None = None
    version: int = 0


class Incident(Record):
    """`started_at` is when the failure began, `triggered_at` when it was confirmed.

    The service's name and runbook are those of the trigger: an incident must stay workable when its service is renamed.
    """

    incident_id: str
    title: str
    service_id: str
    service_name: str
    runbook: str | None = None
    severity: Severity
    status: IncidentStatus
    started_at: Instant
    triggered_at: Instant
    acknowledged_at: Instant | None = None
    acknowledged_by: str | None = None
    resolved_at: Instant | None = None
    firing_alerts: tuple[str, ...] = ()
    version: int = 0

    @property
    def time_to_detect(self) -> timedelta:
        return self.triggered_at - self.started_at

    @property
    def time_to_acknowledge(self) -> timedelta | None:
        return _span(self.triggered_at, self.acknowledged_at)

    @property
    def time_to_resolve(self) -> timedelta | None:
        return _span(self.started_at, self.resolved_at)


class TimelineEntry(Record):
    """One line of what happened. `actor` is a person's id, or `tocsin`."""

    incident_id: str
    at: Instant
    kind: str
    text: str
    actor: str = "tocsin"


def _span(start: datetime, end: datetime | None) -> timedelta | None:
    return None if end is None else end - start
