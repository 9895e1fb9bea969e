"""The whole of what `tocsin.yaml` says, after reading: what `apply` stores."""

from pydantic import Field

from tocsin.domain.checks import Monitor
from tocsin.domain.maintenance import MaintenanceWindow
from tocsin.domain.people import Organization, Person, Service
from tocsin.domain.policy import EscalationPolicy
from tocsin.domain.record import Record
from tocsin.domain.schedule import Schedule
from tocsin.domain.status_page import StatusPage


class Regions(Record):
    """`witnesses` are URLs: a region that reaches none of them is blind, and abstains."""

    home: str
    probes: tuple[str, ...]
    allow_private_targets: bool = False
    witnesses: tuple[str, ...] = ()


class Directory(Record):
    """Each mapping is from id to entity, in the order of the file."""

    organization: Organization
    regions: Regions
    people: dict[str, Person]
    schedules: dict[str, Schedule] = Field(default_factory=dict)
    escalation_policies: dict[str, EscalationPolicy] = Field(default_factory=dict)
    services: dict[str, Service]
    monitors: dict[str, Monitor] = Field(default_factory=dict)
    status_pages: dict[str, StatusPage] = Field(default_factory=dict)
    maintenance: dict[str, MaintenanceWindow] = Field(default_factory=dict)
