"""From what is known to what readers see: the same for the same facts."""

from collections.abc import Container, Iterable
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tocsin.domain.checks import Monitor
from tocsin.domain.component_state import component_state, page_state
from tocsin.domain.incidents import Incident, IncidentStatus
from tocsin.domain.maintenance import MaintenanceWindow, span_at, window_at
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.page_view import ComponentView, Day, IncidentView, PageView
from tocsin.domain.people import Organization, Severity
from tocsin.domain.status_page import (
    Component,
    Impact,
    PublicStatus,
    StatusPage,
    StatusUpdate,
    chart_path,
    incident_chart_path,
)

DAYS_SHOWN = 14

IMPACT = {
    Severity.SEV1: Impact.CRITICAL,
    Severity.SEV2: Impact.MAJOR,
    Severity.SEV3: Impact.MINOR,
    Severity.SEV4: Impact.NONE,
}


class Facts(NamedTuple):
    """What was read: `statuses` by monitor, `updates` by incident.

    `known_since` is how far back `incidents` is complete; None when it holds all there ever were.
    """

    organization: Organization
    monitors: tuple[Monitor, ...]
    statuses: dict[str, MonitorStatus]
    incidents: tuple[Incident, ...]
    updates: dict[str, tuple[StatusUpdate, ...]]
    known_since: datetime | None = None
    maintenance: tuple[MaintenanceWindow, ...] = ()


def view_page(page: StatusPage, facts: Facts, now: datetime, charts: Container[str] = ()) -> PageView:
    """Incidents of services that are not on the page, and those still in triage, are left out.

    `charts` are the pictures that are there, as paths from the page's root.
    """
    components = tuple(_component(component, facts, now) for component in page.components)
    incidents = _incidents(page, facts)
    if page.response_times:
        components = tuple(_with_chart(view, page, charts) for view in components)
        incidents = tuple(_with_own_chart(view, charts) for view in incidents)
    return PageView(
        page_id=page.page_id,
        name=page.name,
        time_zone=facts.organization.time_zone,
        state=page_state([view.state for view in components]),
        components=components,
        incidents=incidents,
        days=_days(incidents, facts, now),
        updated_at=_newest_fact(components, incidents) or now,
    )


def _component(component: Component, facts: Facts, now: datetime) -> ComponentView:
    watched = [monitor.monitor_id for monitor in facts.monitors if monitor.service_id == component.service_id]
    statuses = [facts.statuses[monitor_id] for monitor_id in watched if monitor_id in facts.statuses]
    ongoing = [
        incident
        for incident in facts.incidents
        if incident.service_id == component.service_id and _is_ongoing(incident)
    ]
    maintenance = window_at(facts.maintenance, component.service_id, None, now)
    begun = span_at(maintenance, now) if maintenance else None
    known = chain(
        (status.changed_at for status in statuses),
        (incident.triggered_at for incident in ongoing),
        [begun.start] if begun else [],
    )
    return ComponentView(
        component=component,
        state=component_state(
            [status.state for status in statuses],
            [incident.severity for incident in ongoing],
            in_maintenance=maintenance is not None,
        ),
        changed_at=max(known, default=None),
    )


def _with_chart(view: ComponentView, page: StatusPage, charts: Container[str]) -> ComponentView:
    path = chart_path(page.page_id, view.component.service_id)
    return view.model_copy(update={"chart": path}) if path in charts else view


def _with_own_chart(view: IncidentView, charts: Container[str]) -> IncidentView:
    path = incident_chart_path(view.incident_id)
    return view.model_copy(update={"chart": path}) if path in charts else view


def _is_ongoing(incident: Incident) -> bool:
    return incident.status in (IncidentStatus.TRIGGERED, IncidentStatus.ACKNOWLEDGED)


def _incidents(page: StatusPage, facts: Facts) -> tuple[IncidentView, ...]:
    public = (incident for incident in facts.incidents if incident.status is not IncidentStatus.TRIAGE)
    views = (_incident(incident, page, facts.updates.get(incident.incident_id, ())) for incident in public)
    shown = (view for view in views if view.components)
    return tuple(sorted(shown, key=lambda view: (view.triggered_at, view.incident_id), reverse=True))


def _incident(incident: Incident, page: StatusPage, updates: tuple[StatusUpdate, ...]) -> IncidentView:
    affected = tuple(component for component in page.components if component.service_id == incident.service_id)
    newest_first = tuple(sorted(updates, key=lambda update: update.posted_at, reverse=True))
    return IncidentView(
        incident_id=incident.incident_id,
        name=f"{affected[0].name} disruption" if affected else "",
        impact=IMPACT[incident.severity],
        severity=incident.severity,
        status=_public_status(incident, newest_first),
        components=affected,
        started_at=incident.started_at,
        triggered_at=incident.triggered_at,
        resolved_at=incident.resolved_at,
        updates=newest_first,
    )


def _public_status(incident: Incident, newest_first: tuple[StatusUpdate, ...]) -> PublicStatus:
    if incident.status is IncidentStatus.RESOLVED:
        return PublicStatus.RESOLVED
    told = (update.status for update in newest_first if update.status is not PublicStatus.RESOLVED)
    return next(told, PublicStatus.INVESTIGATING)


def _days(incidents: tuple[IncidentView, ...], facts: Facts, now: datetime) -> tuple[Day, ...]:
    """Newest first. A day that is not wholly known is left out rather than called quiet."""
    zone = ZoneInfo(facts.organization.time_zone)
    today = now.astimezone(zone).date()
    known = facts.known_since.astimezone(zone).date() if facts.known_since else date.min
    shown = (today - timedelta(days=age) for age in range(DAYS_SHOWN))
    return tuple(
        Day(date=day, incidents=_began_on(day, incidents, zone)) for day in shown if day > known or day == today
    )


def _began_on(day: date, incidents: Iterable[IncidentView], zone: ZoneInfo) -> tuple[IncidentView, ...]:
    return tuple(incident for incident in incidents if incident.started_at.astimezone(zone).date() == day)


def _newest_fact(components: Iterable[ComponentView], incidents: Iterable[IncidentView]) -> datetime | None:
    changes = (view.changed_at for view in components if view.changed_at)
    return max(chain(changes, (incident.updated_at for incident in incidents)), default=None)
