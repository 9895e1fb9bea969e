"""What may stand in `tocsin.yaml`. The published schema is made from these classes.

Each part is looked at by itself here; what crosses parts is in `crossing`.
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from tocsin.cli.file.address_values import Url
from tocsin.cli.file.entry import Entry, OneOf
from tocsin.cli.file.maintenance_shape import MaintenanceEntry
from tocsin.cli.file.monitor_shape import MonitorEntry
from tocsin.cli.file.text_values import Choice, Email, Id, Name, Phone, Region
from tocsin.cli.file.time_values import Duration, Lasting, RotationLength, WallClock, Zone
from tocsin.domain.people import Severity


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class OrganizationEntry(Entry):
    name: Name
    time_zone: Zone = "Etc/UTC"
    """Where nothing else says otherwise."""


class RegionsEntry(Entry):
    home: Region
    """Where the state lives."""
    probes: Annotated[list[Region], Field(min_length=1, max_length=20, json_schema_extra={"uniqueItems": True})]
    """Where checks run from."""
    allow_private_targets: bool = False
    """Loopback and private addresses may be checked."""
    witnesses: Annotated[list[Url], Field(max_length=10, json_schema_extra={"uniqueItems": True})] = Field(
        default_factory=list
    )
    """Asked when most of a region's checks fail at once: a region that reaches none of them is blind."""


class PersonEntry(Entry):
    name: Name
    email: Email
    phone: Phone | None = None
    time_zone: Zone | None = None


class RotationEntry(Entry):
    every: RotationLength
    """The length of a turn, by the wall clock: hours, days, weeks or months."""
    start: WallClock
    """When a first turn begins, by the wall clock of the schedule's zone."""


Together = Annotated[list[Id], Field(min_length=1)]
Turn = Annotated[Together, BeforeValidator(_as_list, json_schema_input_type=Id | Together)]


class LayerEntry(Entry):
    rotation: RotationEntry
    people: Annotated[list[Turn], Field(min_length=1, max_length=200)]
    """In the order of their turns; people in an inner list are on call together."""


class ScheduleEntry(Entry):
    time_zone: Zone | None = None
    """The organization's when left out."""
    layers: Annotated[list[LayerEntry], Field(min_length=1, max_length=50)]
    """Several layers add up."""


class TargetEntry(OneOf):
    schedule: Id | None = None
    person: Id | None = None


class StepEntry(Entry):
    page: Annotated[list[TargetEntry], Field(min_length=1, max_length=50)]
    wait: Annotated[Duration, Lasting("1s", "1 day")]
    """How long an acknowledgement is waited for before the next step."""


class EscalationPolicyEntry(Entry):
    steps: Annotated[list[StepEntry], Field(min_length=1, max_length=20)]
    repeat: Annotated[int, Field(ge=0, le=10)] = 0
    """How many more times the steps are gone through when nobody answers."""
    fallback: Annotated[list[TargetEntry], Field(max_length=50)] = Field(default_factory=list)
    """Paged once, when the last step was in vain or nobody is on call."""


class ServiceEntry(Entry):
    name: Name
    escalation_policy: Id
    severity: Annotated[str, Choice(tuple(Severity))] = Severity.SEV2
    """Of the incidents that its monitors open."""
    runbook: Url | None = None


class ComponentEntry(Entry):
    name: Name
    service: Id
    group: Name | None = None


class StatusPageEntry(Entry):
    name: Name
    components: Annotated[list[ComponentEntry], Field(min_length=1, max_length=500)]
    response_times: bool = True
    """Shown as charts."""


class File(Entry):
    organization: OrganizationEntry
    regions: RegionsEntry
    people: Annotated[dict[Id, PersonEntry], Field(min_length=1)]
    schedules: dict[Id, ScheduleEntry] = Field(default_factory=dict)
    escalation_policies: dict[Id, EscalationPolicyEntry] = Field(default_factory=dict)
    services: dict[Id, ServiceEntry]
    monitors: dict[Id, MonitorEntry] = Field(default_factory=dict)
    status_pages: Annotated[dict[Id, StatusPageEntry], Field(max_length=1)] = Field(default_factory=dict)
    """One public page."""
    maintenance: Annotated[list[MaintenanceEntry], Field(max_length=200)] = Field(default_factory=list)
    """Planned quiet time: checks go on, but nobody is told, and it is not in the up-time."""
