"""What a responder is told."""

from tocsin.domain.incidents import Incident, TimelineEntry
from tocsin.domain.people import Person, Severity
from tocsin.domain.record import Instant, Record


class Page(Record):
    """A page to one person about one incident. `found` is what the checks saw, in the order of its confirmation."""

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
        """One line, whatever the names in it are made of."""
        return " ".join(f"[{self.severity.upper()}] {self.title}".split())


def page(person: Person, incident: Incident, timeline: list[TimelineEntry], url: str, until: Instant) -> Page:
    return Page(
        to=person,
        incident_id=incident.incident_id,
        title=incident.title,
        severity=incident.severity,
        service=incident.service_name,
        runbook=incident.runbook,
        started_at=incident.started_at,
        found=tuple(entry.text for entry in timeline if entry.kind == "triggered"),
        acknowledge_url=url,
        acknowledge_until=until,
    )
