"""A status page in all its states, from the same builders as everything else."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.support.builders import NOON, a_monitor, after, an_incident
from tocsin.domain.incidents import Incident, IncidentStatus
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.page_view import PageView
from tocsin.domain.people import Organization, Severity
from tocsin.domain.publication import Facts, view_page
from tocsin.domain.response_chart import Point
from tocsin.domain.result_summary import HOUR
from tocsin.domain.span import Span
from tocsin.domain.status_page import (
    Component,
    PublicStatus,
    StatusPage,
    StatusUpdate,
    chart_path,
    incident_chart_path,
)
from tocsin.publishers.bucket import File
from tocsin.publishers.charts import chart_file, response_chart

PRAGUE = "Europe/Prague"
HOSTILE = '</p><script>alert(1)</script><img src=x onerror=alert(2)> {{ 7 * 7 }} "quoted" \u202ertl ' + "x" * 300

PAGE = StatusPage(
    page_id="public",
    name="Acme Status",
    components=(
        Component(name="Website", service_id="web", group="Products"),
        Component(name="Checkout", service_id="checkout", group="Products"),
        Component(name="Mobile app", service_id="mobile", group="Products"),
        Component(name="Public API", service_id="api", group="Developers"),
        Component(name="Webhooks", service_id="hooks", group="Developers"),
        Component(name="Documentation", service_id="docs"),
    ),
)


def facts(
    *incidents: Incident,
    down: Iterable[str] = (),
    silent: Iterable[str] = (),
    updates: Iterable[StatusUpdate] = (),
    time_zone: str = PRAGUE,
    known_since: datetime | None = None,
    page: StatusPage = PAGE,
) -> Facts:
    """Two monitors for each service of the page, called `web-1` and `web-2`: up unless said otherwise."""
    services = dict.fromkeys(component.service_id for component in page.components)
    monitors = tuple(a_monitor(f"{service}-{n}", service_id=service) for service in services for n in (1, 2))
    statuses = {
        monitor.monitor_id: MonitorStatus(
            monitor_id=monitor.monitor_id,
            service_id=monitor.service_id,
            state=_state(monitor.monitor_id, down, silent),
            since=NOON,
            changed_at=NOON,
        )
        for monitor in monitors
    }
    by_incident: dict[str, tuple[StatusUpdate, ...]] = {}
    for update in updates:
        by_incident[update.incident_id] = (*by_incident.get(update.incident_id, ()), update)
    organization = Organization(name="Acme", time_zone=time_zone)
    return Facts(organization, monitors, statuses, incidents, by_incident, known_since)


def _state(monitor_id: str, down: Iterable[str], silent: Iterable[str]) -> MonitorState | None:
    if monitor_id in silent:
        return None
    return MonitorState.DOWN if monitor_id in down else MonitorState.UP


def an_update(
    status: PublicStatus, body: str, minutes: float = 0, incident_id: str = "20260302-1200-abcdef"
) -> StatusUpdate:
    return StatusUpdate(incident_id=incident_id, status=status, body=body, posted_at=after(minutes=minutes))


OLD = an_incident(
    incident_id="20260227-1200-0a1b2c",
    service_id="api",
    severity=Severity.SEV3,
    status=IncidentStatus.RESOLVED,
    started_at=after(days=-3, minutes=-2),
    triggered_at=after(days=-3),
    resolved_at=after(days=-3, minutes=24),
)
OLD_UPDATES = (
    an_update(
        PublicStatus.INVESTIGATING, "We are investigating a problem with Public API.", -3 * 1440, OLD.incident_id
    ),
    an_update(PublicStatus.RESOLVED, "Public API is working again.", -3 * 1440 + 24, OLD.incident_id),
)
ONGOING = an_incident(started_at=after(minutes=-2))
UPDATES = (
    an_update(PublicStatus.INVESTIGATING, "We are investigating a problem with Website."),
    an_update(
        PublicStatus.IDENTIFIED,
        "A database ran out of connections after this morning's release. We are rolling the release back; "
        "pages may load slowly until then.",
        9,
    ),
    an_update(PublicStatus.MONITORING, "The release has been rolled back and pages load again. We are watching.", 17),
)
OVER = ONGOING.model_copy(update={"status": IncidentStatus.RESOLVED, "resolved_at": after(minutes=26)})
END = an_update(PublicStatus.RESOLVED, "Website is working again.", 26)

HOSTILE_PAGE = StatusPage(
    page_id="public",
    name=HOSTILE,
    components=(Component(name=HOSTILE, service_id="web", group=HOSTILE), Component(name="Calm", service_id="docs")),
)
SILENT = tuple(f"{component.service_id}-{n}" for component in PAGE.components for n in (1, 2))


def charts() -> tuple[File, ...]:
    """Pictures of a week with a slow day and an outage, for two components and for the incident that goes on."""
    week = Span(after(days=-7), NOON)
    points = [
        Point(week.start + hour * HOUR, 120 + (hour * 37) % 60, 300 + (hour * 91) % 200)
        for hour in range(168)
        if not 90 < hour < 93
    ]
    down = [Span(week.start + 91 * HOUR, week.start + 92 * HOUR)]
    svg = response_chart("Website", points, week, ZoneInfo(PRAGUE), chart_id="chart", down=down)
    paths = (chart_path("public", "web"), chart_path("public", "checkout"), incident_chart_path(ONGOING.incident_id))
    return tuple(chart_file(path, svg) for path in paths)


def scenes() -> dict[str, PageView]:
    """Half an hour after noon, when this or that had happened."""
    now = after(minutes=30)
    hostile = facts(
        ONGOING, down=["web-1"], updates=[an_update(PublicStatus.INVESTIGATING, HOSTILE)], page=HOSTILE_PAGE
    )
    return {
        "operational": view_page(PAGE, facts(OLD, updates=OLD_UPDATES), now),
        "outage": view_page(
            PAGE,
            facts(OLD, ONGOING, down=["web-1"], updates=OLD_UPDATES + UPDATES),
            now,
            charts={file.path for file in charts()},
        ),
        "after": view_page(PAGE, facts(OLD, OVER, updates=(*OLD_UPDATES, *UPDATES, END)), now),
        "everything_down": view_page(PAGE, facts(ONGOING, down=SILENT), now),
        "unknown": view_page(PAGE, facts(silent=SILENT), now),
        "hostile": view_page(HOSTILE_PAGE, hostile, now),
    }
