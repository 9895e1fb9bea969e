"""The status page as data: Atlassian Statuspage's public API v2, field for field and in its order of keys.

Statuspage has no word for a component nobody can vouch for. It is `degraded_performance` here, never
`operational`, its description says why, and the page's indicator is then at least `minor`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from tocsin.domain.component_state import BY_SEVERITY, worst
from tocsin.domain.page_view import ComponentView, IncidentView, PageView, Section
from tocsin.domain.status_page import Component, ComponentState, PublicStatus, StatusUpdate
from tocsin.domain.statuspage_records import (
    AffectedComponent,
    ComponentRecord,
    GroupRecord,
    IncidentRecord,
    PageRecord,
    StatusRecord,
    UpdateRecord,
)

STATUS = {
    ComponentState.OPERATIONAL: ("none", "All Systems Operational"),
    ComponentState.UNDER_MAINTENANCE: ("maintenance", "Service Under Maintenance"),
    ComponentState.UNKNOWN: ("minor", "Status Partially Unknown"),
    ComponentState.DEGRADED_PERFORMANCE: ("minor", "Partially Degraded Service"),
    ComponentState.PARTIAL_OUTAGE: ("major", "Partial System Outage"),
    ComponentState.MAJOR_OUTAGE: ("critical", "Major Service Outage"),
}
UNKNOWN_MEANS = "Unknown: no monitor has reported recently."

NOT_RECORDED = datetime(1970, 1, 1, tzinfo=UTC)
"""The directory does not say when a component was added. Clients want a time, and one that never moves."""

WRITTEN_WITH_Z = {"UTC", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Zulu"}


def short_id(*parts: str) -> str:
    """Twelve characters that are always the same for the same thing, as Statuspage's ids look."""
    number = int.from_bytes(sha256("\n".join(parts).encode()).digest()[:8])
    alphabet = "0123456789bcdfghjklmnpqrstvwxyz"
    digits = []
    for _ in range(12):
        number, digit = divmod(number, len(alphabet))
        digits.append(alphabet[digit])
    return "".join(digits)


class StatuspageV2:
    """A view in Statuspage's words. `url` is the page's address, without a slash at the end."""

    def __init__(self, view: PageView, url: str) -> None:
        self._view = view
        self._url = url
        self._zone = ZoneInfo(view.time_zone)
        self._page_id = short_id("page", view.page_id)
        self._ids = _component_ids(view)
        self.components = tuple(self._flat())

    @property
    def page(self) -> PageRecord:
        return PageRecord(
            id=self._page_id,
            name=self._view.name,
            url=self._url,
            time_zone=self._view.time_zone,
            updated_at=self._time(self._view.updated_at),
        )

    @property
    def status(self) -> StatusRecord:
        indicator, description = STATUS[self._view.state]
        return StatusRecord(indicator=indicator, description=description)

    def incidents(self, shown: Iterable[IncidentView]) -> tuple[IncidentRecord, ...]:
        return tuple(self._incident(incident) for incident in shown)

    def _flat(self) -> Iterator[ComponentRecord]:
        """Groups stand before their components. Positions count from one, in each group anew."""
        position = 1
        for section in self._view.sections:
            group = self._group(section, section.name, position) if section.name else None
            if group:
                yield group
            first = 1 if group else position
            for place, view in enumerate(section.components, first):
                yield self._component(view, place, group.id if group else None)
            position += 1 if group else len(section.components)

    def _group(self, section: Section, name: str, position: int) -> GroupRecord:
        state = worst([view.state for view in section.components])
        changes = (view.changed_at for view in section.components if view.changed_at)
        return GroupRecord(
            id=short_id("group", self._view.page_id, name),
            name=name,
            status=_shown_as(state),
            created_at=self._time(NOT_RECORDED),
            updated_at=self._time(max(changes, default=self._view.updated_at)),
            position=position,
            description=_explanation(state),
            page_id=self._page_id,
            components=tuple(self._ids[view.component] for view in section.components),
        )

    def _component(self, view: ComponentView, position: int, group_id: str | None) -> ComponentRecord:
        return ComponentRecord(
            id=self._ids[view.component],
            name=view.component.name,
            status=_shown_as(view.state),
            created_at=self._time(NOT_RECORDED),
            updated_at=self._time(view.changed_at or self._view.updated_at),
            position=position,
            description=_explanation(view.state),
            group_id=group_id,
            page_id=self._page_id,
        )

    def _incident(self, incident: IncidentView) -> IncidentRecord:
        affected = {self._ids[component] for component in incident.components}
        return IncidentRecord(
            id=_incident_id(incident.incident_id),
            name=incident.name,
            status=incident.status,
            created_at=self._time(incident.triggered_at),
            updated_at=self._time(incident.updated_at),
            monitoring_at=self._time(incident.monitoring_at) if incident.monitoring_at else None,
            resolved_at=self._time(incident.resolved_at) if incident.resolved_at else None,
            impact=incident.impact,
            shortlink=f"{self._url}/incidents/{incident.incident_id}/",
            started_at=self._time(incident.started_at),
            page_id=self._page_id,
            incident_updates=tuple(self._update(update, incident) for update in incident.updates),
            components=tuple(component for component in self.components if component.id in affected),
        )

    def _update(self, update: StatusUpdate, incident: IncidentView) -> UpdateRecord:
        posted_at = self._time(update.posted_at)
        return UpdateRecord(
            id=short_id("update", update.incident_id, update.posted_at.isoformat()),
            status=update.status,
            body=update.body,
            incident_id=_incident_id(update.incident_id),
            created_at=posted_at,
            updated_at=posted_at,
            display_at=posted_at,
            affected_components=self._affected(update, incident),
        )

    def _affected(self, update: StatusUpdate, incident: IncidentView) -> tuple[AffectedComponent, ...]:
        """What was said of each component is not recorded with the update, so the severity speaks for it."""
        during, calm = BY_SEVERITY[incident.severity], ComponentState.OPERATIONAL
        is_first, is_last = update == incident.updates[-1], update.status is PublicStatus.RESOLVED
        return tuple(
            AffectedComponent(
                code=self._ids[component],
                name=f"{component.group} - {component.name}" if component.group else component.name,
                old_status=calm if is_first else during,
                new_status=calm if is_last else during,
            )
            for component in incident.components
        )

    def _time(self, instant: datetime) -> str:
        """Milliseconds, in the page's own offset."""
        text = instant.astimezone(self._zone).isoformat(timespec="milliseconds")
        return text.removesuffix("+00:00") + "Z" if self._view.time_zone in WRITTEN_WITH_Z else text


def _component_ids(view: PageView) -> dict[Component, str]:
    """By service, so that a component may be renamed and moved; two of one service are told apart by their order."""
    seen = Counter[str]()
    ids: dict[Component, str] = {}
    for component in (shown.component for shown in view.components):
        ids[component] = short_id("component", view.page_id, component.service_id, str(seen[component.service_id]))
        seen[component.service_id] += 1
    return ids


def _shown_as(state: ComponentState) -> str:
    return ComponentState.DEGRADED_PERFORMANCE if state is ComponentState.UNKNOWN else state


def _explanation(state: ComponentState) -> str | None:
    return UNKNOWN_MEANS if state is ComponentState.UNKNOWN else None


def _incident_id(incident_id: str) -> str:
    return short_id("incident", incident_id)
