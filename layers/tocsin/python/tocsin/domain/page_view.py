"""What readers of a status page see. It is computed in `publication.py`."""

from datetime import date, datetime, timedelta

from tocsin.domain.people import Severity
from tocsin.domain.record import Instant, Record
from tocsin.domain.status_page import Component, ComponentState, Impact, PublicStatus, StatusUpdate


class ComponentView(Record):
    """`changed_at` is the newest fact behind `state`; None before the first one.

    `chart` is a path from the page's root.
    """

    component: Component
    state: ComponentState
    changed_at: Instant | None
    chart: str | None = None


class Section(Record):
    """Components under one heading; `name` is None for those outside any group."""

    name: str | None
    components: tuple[ComponentView, ...]


class IncidentView(Record):
    """Only what is meant for the public: the incident's own title, its timeline and its people stay inside.

    `updates` are newest first.
    """

    incident_id: str
    name: str
    impact: Impact
    severity: Severity
    status: PublicStatus
    components: tuple[Component, ...]
    started_at: Instant
    triggered_at: Instant
    resolved_at: Instant | None
    updates: tuple[StatusUpdate, ...]
    chart: str | None = None

    @property
    def updated_at(self) -> datetime:
        return max(
            self.triggered_at, *(update.posted_at for update in self.updates), self.resolved_at or self.triggered_at
        )

    @property
    def monitoring_at(self) -> datetime | None:
        """When readers were first told that a fix is being watched."""
        told = (update.posted_at for update in self.updates if update.status is PublicStatus.MONITORING)
        return min(told, default=None)

    @property
    def lasted(self) -> timedelta | None:
        """None while it goes on."""
        return self.resolved_at - self.started_at if self.resolved_at else None


class Day(Record):
    """The incidents that began on a day of the organization's calendar, newest first."""

    date: date
    incidents: tuple[IncidentView, ...]


class PageView(Record):
    """`incidents` are newest first. `updated_at` is the newest fact shown: the same facts give the same page."""

    page_id: str
    name: str
    time_zone: str
    state: ComponentState
    components: tuple[ComponentView, ...]
    incidents: tuple[IncidentView, ...]
    days: tuple[Day, ...]
    updated_at: Instant

    @property
    def sections(self) -> tuple[Section, ...]:
        """In the order in which the groups first appear; a component outside any group is a section of its own kind."""
        names = dict.fromkeys(view.component.group for view in self.components)
        return tuple(
            Section(name=name, components=tuple(view for view in self.components if view.component.group == name))
            for name in names
        )

    @property
    def charts(self) -> dict[str, str]:
        """From a chart's path to the name of the first component that it is about."""
        named: dict[str, str] = {}
        for view in self.components:
            if view.chart:
                named.setdefault(view.chart, view.component.name)
        return named

    @property
    def active(self) -> tuple[IncidentView, ...]:
        return tuple(incident for incident in self.incidents if incident.status is not PublicStatus.RESOLVED)
