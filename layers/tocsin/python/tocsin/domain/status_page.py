"""What readers of a status page see."""

from enum import StrEnum

from tocsin.domain.record import Instant, Record


class PublicStatus(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class StatusUpdate(Record):
    """Public text about one incident."""

    incident_id: str
    status: PublicStatus
    body: str
    posted_at: Instant


class Component(Record):
    name: str
    service_id: str
    group: str | None = None


class StatusPage(Record):
    page_id: str
    name: str
    components: tuple[Component, ...]
