"""What the file says, as the domain's records."""

from collections.abc import Iterator
from datetime import timedelta

from tocsin.cli.file.monitor_shape import ConfirmEntry, MonitorEntry
from tocsin.cli.file.shape import EscalationPolicyEntry, File, ScheduleEntry, ServiceEntry, StatusPageEntry, TargetEntry
from tocsin.domain.checks import Confirmation, Flapping, Monitor
from tocsin.domain.directory import Directory, Regions
from tocsin.domain.expectations import Expectation
from tocsin.domain.matchers import Matcher, Op
from tocsin.domain.people import Organization, Person, Service, Severity
from tocsin.domain.policy import EscalationPolicy, Step, Target
from tocsin.domain.schedule import Layer, Rotation, Schedule
from tocsin.domain.status_page import Component, StatusPage

SHORTEST = {"tls": ("certificate", timedelta(days=14)), "domain": ("registration", timedelta(days=30))}
PERIODS = ("valid_for", "all_valid_for")


def directory_of(file: File) -> Directory:
    zone = file.organization.time_zone
    return Directory(
        organization=Organization(name=file.organization.name, time_zone=zone),
        regions=Regions.model_validate(file.regions.model_dump()),
        people={key: Person(person_id=key, **entry.model_dump()) for key, entry in file.people.items()},
        schedules={key: _schedule(key, entry, zone) for key, entry in file.schedules.items()},
        escalation_policies={key: _policy(key, entry) for key, entry in file.escalation_policies.items()},
        services={key: _service(key, entry) for key, entry in file.services.items()},
        monitors={key: _monitor(key, entry, zone) for key, entry in file.monitors.items()},
        status_pages={key: _status_page(key, entry) for key, entry in file.status_pages.items()},
        maintenance={window.window_id: window for window in (entry.window(zone) for entry in file.maintenance)},
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


def _monitor(monitor_id: str, entry: MonitorEntry, default_zone: str) -> Monitor:
    return Monitor(
        monitor_id=monitor_id,
        service_id=entry.service,
        check=entry.heartbeat.check(default_zone) if entry.heartbeat else entry.check(),
        every=entry.interval,
        timeout=entry.allowed,
        confirm=_confirmation(entry.confirm),
        quorum=entry.quorum,
        expect=(*entry.expect.expectations(), *_unsaid(entry)),
        degraded_when=entry.degraded.expectations(),
        depends_on=tuple(entry.depends_on),
        paused=entry.paused,
    )


def _confirmation(entry: ConfirmEntry) -> Confirmation:
    flapping = entry.flapping and Flapping(**entry.flapping.model_dump())
    return Confirmation(failures=entry.failures, recoveries=entry.recoveries, flapping=flapping or False)


def _unsaid(entry: MonitorEntry) -> Iterator[Expectation]:
    """What is expected of a check that is only about how long something is good for, and does not say how long."""
    fact, length = SHORTEST.get(entry.kind, ("", timedelta(0)))
    if fact and not any(each.fact == fact and each.path in PERIODS for each in entry.expect.expectations()):
        at_least = Matcher(op=Op.AT_LEAST, value=length.total_seconds())
        yield Expectation(fact=fact, path="valid_for", matchers=(at_least,))


def _status_page(page_id: str, entry: StatusPageEntry) -> StatusPage:
    components = tuple(
        Component(name=component.name, service_id=component.service, group=component.group)
        for component in entry.components
    )
    return StatusPage(page_id=page_id, name=entry.name, components=components, response_times=entry.response_times)
