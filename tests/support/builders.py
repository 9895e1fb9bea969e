"""Records with sensible defaults: a test names only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.events import MonitorDegraded, MonitorRecovered, MonitorWentDown
from tocsin.domain.expectations import Expectation
from tocsin.domain.incidents import Incident, IncidentStatus
from tocsin.domain.matchers import Matcher, Op
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.people import Person, Service, Severity
from tocsin.domain.policy import EscalationPolicy, Step, Target
from tocsin.domain.votes import Vote

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def after(**span: float) -> datetime:
    """Noon and so much, as `after(minutes=5)`."""
    return NOON + timedelta(**span)


def a_person(person_id: str = "alice", **fields: Any) -> Person:
    defaults: dict[str, Any] = {"name": person_id.title(), "email": f"{person_id}@acme.example"}
    return Person(person_id=person_id, **(defaults | fields))


def a_service(service_id: str = "web", **fields: Any) -> Service:
    defaults: dict[str, Any] = {"name": "Website", "escalation_policy": "default", "severity": Severity.SEV2}
    return Service(service_id=service_id, **(defaults | fields))


def a_monitor(monitor_id: str = "shop", **fields: Any) -> Monitor:
    defaults: dict[str, Any] = {"service_id": "web", "check": HttpCheck(url="http://shop.acme.example/")}
    return Monitor(monitor_id=monitor_id, **(defaults | fields))


def expected(fact: str, path: str = "", **matchers: Any) -> Expectation:
    """As `expected("body", contains="Welcome")`."""
    return Expectation(
        fact=fact, path=path, matchers=tuple(Matcher(op=Op(op), value=value) for op, value in matchers.items())
    )


def a_vote(region: str, state: MonitorState, **fields: Any) -> Vote:
    defaults: dict[str, Any] = {
        "since": NOON,
        "checked_at": NOON,
        "message": "" if state is MonitorState.UP else "connection refused",
    }
    return Vote(region=region, state=state, **(defaults | fields))


def person(person_id: str) -> Target:
    return Target(kind="person", target_id=person_id)


def schedule(schedule_id: str) -> Target:
    return Target(kind="schedule", target_id=schedule_id)


def a_step(*targets: Target, minutes: float = 5) -> Step:
    return Step(page=targets, wait=timedelta(minutes=minutes))


def a_policy(*steps: Step, **fields: Any) -> EscalationPolicy:
    return EscalationPolicy(
        policy_id="default", steps=steps or (a_step(person("alice")), a_step(person("bob"))), **fields
    )


def an_incident(**fields: Any) -> Incident:
    defaults: dict[str, Any] = {
        "incident_id": "20260302-1200-abcdef",
        "title": "Website: shop is down",
        "service_id": "web",
        "service_name": "Website",
        "severity": Severity.SEV2,
        "status": IncidentStatus.TRIGGERED,
        "started_at": after(seconds=-20),
        "triggered_at": NOON,
        "firing_alerts": ("monitor:shop",),
    }
    return Incident(**(defaults | fields))


def went_down(monitor_id: str = "shop", at: datetime = NOON, **fields: Any) -> MonitorWentDown:
    defaults: dict[str, Any] = {
        "service_id": "web",
        "started_at": at - timedelta(seconds=20),
        "regions": ("eu-west-1", "us-east-1"),
        "message": "connection refused",
    }
    return MonitorWentDown(occurred_at=at, monitor_id=monitor_id, **(defaults | fields))


def recovered(monitor_id: str = "shop", at: datetime = NOON, **fields: Any) -> MonitorRecovered:
    return MonitorRecovered(occurred_at=at, monitor_id=monitor_id, **({"service_id": "web"} | fields))


def degraded(monitor_id: str = "shop", at: datetime = NOON, **fields: Any) -> MonitorDegraded:
    defaults: dict[str, Any] = {
        "service_id": "web",
        "started_at": at - timedelta(seconds=20),
        "regions": ("eu-west-1",),
        "message": "took 900 ms",
    }
    return MonitorDegraded(occurred_at=at, monitor_id=monitor_id, **(defaults | fields))
