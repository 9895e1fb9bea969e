"""The records of a status page. What readers see is computed in `page_view.py`."""

from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256

from tocsin.domain.record import Instant, Record


class PublicStatus(StrEnum):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"


class ComponentState(StrEnum):
    """Statuspage's words, and one of our own: `unknown` when no monitor of the service has a fresh vote."""

    OPERATIONAL = "operational"
    UNDER_MAINTENANCE = "under_maintenance"
    UNKNOWN = "unknown"
    DEGRADED_PERFORMANCE = "degraded_performance"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"


class Impact(StrEnum):
    """How much an incident hurts readers, in Statuspage's words."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


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
    response_times: bool = True


def chart_path(page_id: str, service_id: str) -> str:
    """From the page's root. The ids stay inside."""
    return f"charts/{sha256(f'{page_id} {service_id}'.encode()).hexdigest()[:12]}.svg"


def incident_chart_path(incident_id: str) -> str:
    return f"incidents/{incident_id}/response-times.svg"


def by_folder(pages: Iterable[StatusPage]) -> dict[str, StatusPage]:
    """Where each page lies: the one called `public`, or else the first, at the root, others in their own folders."""
    front, *others = sorted(pages, key=lambda page: (page.page_id != "public", page.page_id))
    return {"": front} | {f"{page.page_id}/": page for page in others}
