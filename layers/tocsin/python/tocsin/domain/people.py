"""Who can be on call, and what they answer for."""

from enum import StrEnum

from tocsin.domain.record import Record


class Severity(StrEnum):
    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"

    @property
    def pages(self) -> bool:
        """A sev4 is recorded and shown; nobody is woken for it."""
        return self is not Severity.SEV4


class Organization(Record):
    name: str
    time_zone: str = "Etc/UTC"


class Person(Record):
    person_id: str
    name: str
    email: str
    phone: str | None = None
    time_zone: str | None = None


class Service(Record):
    service_id: str
    name: str
    escalation_policy: str
    severity: Severity = Severity.SEV2
    runbook: str | None = None
