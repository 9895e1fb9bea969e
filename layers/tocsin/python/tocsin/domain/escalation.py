"""One run of an escalation policy: whom to page next, and when to stop.

The state machine owns time and asks `advance` after each wait; every answer has a number, its *turn*. Asking again
for a turn that was already decided gives the same answer: a retried or doubled execution neither skips nor repeats.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from tocsin.domain.duration import in_words
from tocsin.domain.incidents import Incident, IncidentStatus, TimelineEntry
from tocsin.domain.on_call import who_is_on_call
from tocsin.domain.policy import EscalationPolicy, Target
from tocsin.domain.record import Instant, Record
from tocsin.domain.schedule import Schedule

TIME_TO_START = timedelta(seconds=30)
"""How long after the trigger the first turn may take before the sweeper starts the escalation itself."""

OnCall = Mapping[Target, tuple[str, ...]]
"""Who is behind each target right now."""


class Outcome(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    EXHAUSTED = "exhausted"


class Escalation(Record):
    """`rung` is the next one to page: the policy's steps, once and `repeat` more times, then the fallback.

    `due_at` is when the current wait ends; past it, somebody must move the escalation on. `policy` is the one of the
    trigger, for when the live one is gone.
    """

    escalation_id: str
    incident_id: str
    policy: EscalationPolicy
    turn: int = 0
    rung: int = 0
    responders: tuple[str, ...] = ()
    wait: timedelta = timedelta()
    due_at: Instant | None = None
    outcome: Outcome | None = None
    task_token: str | None = None
    version: int = 0


class Rung(NamedTuple):
    name: str
    targets: tuple[Target, ...]
    wait: timedelta


class Advance(NamedTuple):
    escalation: Escalation
    entries: tuple[TimelineEntry, ...] = ()


def begin(incident: Incident, policy: EscalationPolicy) -> Escalation:
    return Escalation(
        escalation_id=f"{incident.incident_id}-1",
        incident_id=incident.incident_id,
        policy=policy,
        due_at=incident.triggered_at + TIME_TO_START,
    )


def rungs(policy: EscalationPolicy) -> tuple[Rung, ...]:
    """Everything the policy does when nobody ever answers, in order."""
    steps = tuple(Rung(f"step {number}", step.page, step.wait) for number, step in enumerate(policy.steps, start=1))
    fallback = (Rung("fallback", policy.fallback, policy.steps[-1].wait),) if policy.fallback else ()
    return steps * (1 + policy.repeat) + fallback


def who_answers(policy: EscalationPolicy, schedules: Mapping[str, Schedule], at: datetime) -> OnCall:
    """The people behind each target of a policy. A schedule that is gone has nobody."""
    targets = {target for rung in rungs(policy) for target in rung.targets}
    return {target: _behind(target, schedules, at) for target in targets}


def advance(
    escalation: Escalation,
    incident: Incident,
    policy: EscalationPolicy,
    on_call: OnCall,
    after_turn: int,
    now: datetime,
) -> Advance:
    """The escalation after its next turn: people to page with a wait, or an outcome.

    Rungs without anybody on call are skipped at once and said so on the timeline.
    """
    if escalation.outcome or escalation.turn > after_turn:
        return Advance(escalation)
    answered = answer_to(incident)
    if answered:
        return Advance(finish(escalation, answered))
    return _climb(escalation, incident, policy, on_call, now)


def finish(escalation: Escalation, outcome: Outcome) -> Escalation:
    """Nothing more will be paged. An outcome, once there, stays."""
    if escalation.outcome:
        return escalation
    return escalation.model_copy(update={"outcome": outcome, "due_at": None, "turn": escalation.turn + 1})


def answer_to(incident: Incident) -> Outcome | None:
    """What people or events have made of it; None while it still has to be answered."""
    return {
        IncidentStatus.ACKNOWLEDGED: Outcome.ACKNOWLEDGED,
        IncidentStatus.RESOLVED: Outcome.RESOLVED,
    }.get(incident.status)


def _behind(target: Target, schedules: Mapping[str, Schedule], at: datetime) -> tuple[str, ...]:
    if target.kind == "person":
        return (target.target_id,)
    schedule = schedules.get(target.target_id)
    return tuple(who_is_on_call(schedule, at)) if schedule else ()


def _climb(
    escalation: Escalation, incident: Incident, policy: EscalationPolicy, on_call: OnCall, now: datetime
) -> Advance:
    entries = [_unanswered(escalation, incident, now)] if escalation.responders else []
    ladder = rungs(policy)
    for number in range(escalation.rung, len(ladder)):
        people = _people(ladder[number], on_call)
        if people:
            return Advance(_page(escalation, number, people, ladder[number].wait, now), tuple(entries))
        entries.append(_entry(incident, now, "skipped", f"Nobody is on call for {ladder[number].name}: skipped"))
    verdict = "Everyone was paged and nobody answered" if escalation.turn else "Nobody could be paged"
    entries.append(_entry(incident, now, "exhausted", verdict))
    return Advance(finish(escalation, Outcome.EXHAUSTED), tuple(entries))


def _page(escalation: Escalation, rung: int, people: tuple[str, ...], wait: timedelta, now: datetime) -> Escalation:
    return escalation.model_copy(
        update={
            "turn": escalation.turn + 1,
            "rung": rung + 1,
            "responders": people,
            "wait": wait,
            "due_at": now + wait,
            "task_token": None,
        }
    )


def _people(rung: Rung, on_call: OnCall) -> tuple[str, ...]:
    return tuple(dict.fromkeys(person for target in rung.targets for person in on_call.get(target, ())))


def _unanswered(escalation: Escalation, incident: Incident, now: datetime) -> TimelineEntry:
    return _entry(incident, now, "unanswered", f"No answer within {in_words(escalation.wait)}")


def _entry(incident: Incident, at: datetime, kind: str, text: str) -> TimelineEntry:
    return TimelineEntry(incident_id=incident.incident_id, at=at, kind=kind, text=text)
