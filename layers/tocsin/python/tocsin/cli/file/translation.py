"""What the file says, as the domain's records."""

from pydantic import JsonValue

from tocsin.cli.file.monitor_shape import ExpectEntry, MonitorEntry
from tocsin.cli.file.shape import EscalationPolicyEntry, File, ScheduleEntry, ServiceEntry, StatusPageEntry, TargetEntry
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Confirmation, Monitor
from tocsin.domain.directory import Directory, Regions
from tocsin.domain.expectations import Expectation, status_codes
from tocsin.domain.matchers import Matcher, Op
from tocsin.domain.people import Organization, Person, Service, Severity
from tocsin.domain.policy import EscalationPolicy, Step, Target
from tocsin.domain.schedule import Layer, Rotation, Schedule
from tocsin.domain.status_page import Component, StatusPage


def directory_of(file: File) -> Directory:
    zone = file.organization.time_zone
    return Directory(
        organization=Organization(name=file.organization.name, time_zone=zone),
        regions=Regions(**file.regions.model_dump(exclude={"probes"}), probes=tuple(file.regions.probes)),
        people={key: Person(person_id=key, **entry.model_dump()) for key, entry in file.people.items()},
        schedules={key: _schedule(key, entry, zone) for key, entry in file.schedules.items()},
        escalation_policies={key: _policy(key, entry) for key, entry in file.escalation_policies.items()},
        services={key: _service(key, entry) for key, entry in file.services.items()},
        monitors={key: _monitor(key, entry) for key, entry in file.monitors.items()},
        status_pages={key: _status_page(key, entry) for key, entry in file.status_pages.items()},
    )


def _schedule(schedule_id: str, entry: ScheduleEntry, default_zone: str) -> Schedule:
    layers = tuple(
        Layer(
            rotation=Rotation(every=layer.rotation.every, start=layer.rotation.start),
            people=tuple(tuple(turn) for turn in layer.people),
        )
        for layer in entry.layers
    )
    return Schedule(schedule_id=schedule_id, time_zone=entry.time_zone or default_zone, layers=layers)


def _policy(policy_id: str, entry: EscalationPolicyEntry) -> EscalationPolicy:
    steps = tuple(Step(page=_targets(step.page), wait=step.wait) for step in entry.steps)
    return EscalationPolicy(policy_id=policy_id, steps=steps, repeat=entry.repeat, fallback=_targets(entry.fallback))


def _targets(entries: list[TargetEntry]) -> tuple[Target, ...]:
    return tuple(Target.model_validate({"kind": entry.key, "target_id": entry.value}) for entry in entries)


def _service(service_id: str, entry: ServiceEntry) -> Service:
    return Service(
        service_id=service_id,
        name=entry.name,
        escalation_policy=entry.escalation_policy,
        severity=Severity(entry.severity),
        runbook=entry.runbook,
    )


def _monitor(monitor_id: str, entry: MonitorEntry) -> Monitor:
    return Monitor(
        monitor_id=monitor_id,
        service_id=entry.service,
        check=HttpCheck(**entry.http.model_dump()),
        every=entry.every,
        timeout=entry.allowed,
        confirm=Confirmation(failures=entry.confirm.failures, recoveries=entry.confirm.recoveries),
        quorum=entry.quorum,
        expect=_expectations(entry.expect),
    )


def _expectations(entry: ExpectEntry) -> tuple[Expectation, ...]:
    status = (status_codes(*entry.status),) if entry.status else ()
    body = tuple(_expected("body", Op(rule.key), rule.value) for rule in entry.body)
    latency = (_expected("latency", Op.BELOW, entry.latency.below.total_seconds()),) if entry.latency else ()
    return (*status, *body, *latency)


def _expected(fact: str, op: Op, value: JsonValue) -> Expectation:
    return Expectation(fact=fact, matchers=(Matcher(op=op, value=value),))


def _status_page(page_id: str, entry: StatusPageEntry) -> StatusPage:
    components = tuple(
        Component(name=component.name, service_id=component.service, group=component.group)
        for component in entry.components
    )
    return StatusPage(page_id=page_id, name=entry.name, components=components)
