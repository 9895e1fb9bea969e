"""What a responder is told."""

from tocsin.domain.incidents import Incident, TimelineEntry
from tocsin.domain.people import Person, Service, Severity
from tocsin.domain.record import Instant, Record


class Page(Record):
    """A page to one person about one incident. `found` is what the checks saw, one line an alert."""

    to: Person
    incident_id: str
    title: str
    severity: Severity
    service: str
    runbook: str | None
    started_at: Instant
    found: tuple[str, ...]
    acknowledge_url: str
    acknowledge_until: Instant

    @property
    def subject(self) -> str:
        return f"[{self.severity.upper()}] {self.title}"


def page(
    person: Person, incident: Incident, service: Service, timeline: list[TimelineEntry], url: str, until: Instant
) -> Page:
    return Page(
        to=person,
        incident_id=incident.incident_id,
        title=incident.title,
        severity=incident.severity,
        service=service.name,
        runbook=service.runbook,
        started_at=incident.started_at,
        found=tuple(entry.text for entry in timeline if entry.kind == "triggered"),
        acknowledge_url=url,
        acknowledge_until=until,
    )
