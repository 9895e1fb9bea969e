"""The bodies of Atlassian Statuspage's public API v2. The order of the fields is that of the live API."""

from tocsin.domain.record import Record


class PageRecord(Record):
    id: str
    name: str
    url: str
    time_zone: str
    updated_at: str


class StatusRecord(Record):
    indicator: str
    description: str


class ComponentRecord(Record):
    id: str
    name: str
    status: str
    created_at: str
    updated_at: str
    position: int
    description: str | None
    showcase: bool = False
    start_date: str | None = None
    group_id: str | None
    page_id: str
    group: bool = False
    only_show_if_degraded: bool = False


class GroupRecord(ComponentRecord):
    """`components` are the ids of its members."""

    group: bool = True
    group_id: str | None = None
    components: tuple[str, ...]


class AffectedComponent(Record):
    code: str
    name: str
    old_status: str
    new_status: str


class UpdateRecord(Record):
    id: str
    status: str
    body: str
    incident_id: str
    created_at: str
    updated_at: str
    display_at: str
    affected_components: tuple[AffectedComponent, ...]
    deliver_notifications: bool = False
    custom_tweet: str | None = None
    tweet_id: int | None = None


class IncidentRecord(Record):
    id: str
    name: str
    status: str
    created_at: str
    updated_at: str
    monitoring_at: str | None
    resolved_at: str | None
    impact: str
    shortlink: str
    started_at: str
    page_id: str
    incident_updates: tuple[UpdateRecord, ...]
    components: tuple[ComponentRecord, ...]
    reminder_intervals: str | None = None


class Status(Record):
    """`status.json`"""

    page: PageRecord
    status: StatusRecord


class Components(Record):
    """`components.json`"""

    page: PageRecord
    components: tuple[ComponentRecord | GroupRecord, ...]


class Incidents(Record):
    """`incidents.json` and `incidents/unresolved.json`"""

    page: PageRecord
    incidents: tuple[IncidentRecord, ...]


class ScheduledMaintenances(Record):
    """`scheduled-maintenances*.json`. Nothing plans maintenance yet, so there is never one in it."""

    page: PageRecord
    scheduled_maintenances: tuple[IncidentRecord, ...] = ()


class Summary(Record):
    """`summary.json`"""

    page: PageRecord
    components: tuple[ComponentRecord | GroupRecord, ...]
    incidents: tuple[IncidentRecord, ...]
    scheduled_maintenances: tuple[IncidentRecord, ...] = ()
    status: StatusRecord
