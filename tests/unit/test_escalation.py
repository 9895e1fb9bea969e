"""Whom an escalation pages, when it moves on, and when it stops: told as stories on a clock that only tests move."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from tests.support.builders import NOON, a_person, a_policy, a_step, after, an_incident, person, schedule
from tocsin.domain.escalation import Outcome, advance, begin, finish, rungs
from tocsin.domain.incident import acknowledge
from tocsin.domain.incidents import IncidentStatus
from tocsin.domain.policy import EscalationPolicy
from tocsin.domain.turns import AlreadyAnsweredError, Turn, decision, wait_with

ON_CALL = {
    person("alice"): ("alice",),
    person("bob"): ("bob",),
    person("cto"): ("cto",),
    schedule("primary"): ("alice",),
    schedule("empty"): (),
}


@dataclass
class Story:
    """An incident that nobody has answered yet, and the state machine that asks at the end of each wait."""

    policy: EscalationPolicy
    now: datetime = NOON
    paged: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.incident = an_incident()
        self.escalation = begin(self.incident, self.policy)
        self.ask()

    def ask(self) -> None:
        before = self.escalation
        step = advance(before, self.incident, self.policy, ON_CALL, before.turn, self.now)
        self.escalation = step.escalation
        self.said += [entry.text for entry in step.entries]
        if step.escalation.outcome is None:
            self.paged.append(((self.now - NOON) / timedelta(minutes=1), step.escalation.responders))

    def nobody_answers(self) -> None:
        while self.escalation.due_at:
            self.now = self.escalation.due_at
            self.ask()

    def forward(self, **span: float) -> None:
        until = self.now + timedelta(**span)
        while self.escalation.due_at and self.escalation.due_at <= until:
            self.now = self.escalation.due_at
            self.ask()
        self.now = until

    def acknowledged_by(self, who: str) -> None:
        change = acknowledge(self.incident, a_person(who), self.now)
        self.incident = change.incident or self.incident


def test_the_first_one_is_paged_at_once_and_the_second_only_after_the_wait() -> None:
    story = Story(a_policy())

    story.forward(minutes=4, seconds=59)
    before = list(story.paged)
    story.forward(seconds=1)

    assert before == [(0, ("alice",))]
    assert story.paged == [(0, ("alice",)), (5, ("bob",))]
    assert story.said == ["No answer within 5 minutes"]


def test_when_nobody_ever_answers_the_steps_repeat_and_the_fallback_is_last() -> None:
    story = Story(a_policy(a_step(schedule("primary")), a_step(person("bob")), repeat=1, fallback=(person("cto"),)))

    story.nobody_answers()

    assert story.paged == [(0, ("alice",)), (5, ("bob",)), (10, ("alice",)), (15, ("bob",)), (20, ("cto",))]
    assert story.escalation.outcome is Outcome.EXHAUSTED
    assert story.said[-1] == "Everyone was paged and nobody answered"
    assert story.now == after(minutes=25)


def test_nobody_is_paged_after_the_acknowledgement() -> None:
    story = Story(a_policy())

    story.forward(minutes=2)
    story.acknowledged_by("alice")
    story.forward(hours=2)

    assert story.paged == [(0, ("alice",))]
    assert story.escalation.outcome is Outcome.ACKNOWLEDGED


def test_a_step_with_nobody_on_call_is_skipped_at_once_and_said() -> None:
    story = Story(a_policy(a_step(schedule("empty")), a_step(person("bob"))))

    assert story.paged == [(0, ("bob",))]
    assert story.said == ["Nobody is on call for step 1: skipped"]


def test_with_every_step_empty_the_fallback_is_paged_at_once() -> None:
    story = Story(a_policy(a_step(schedule("empty")), fallback=(person("cto"),)))

    assert story.paged == [(0, ("cto",))]


def test_with_nobody_at_all_the_timeline_says_so() -> None:
    story = Story(a_policy(a_step(schedule("empty"))))

    assert story.paged == []
    assert story.escalation.outcome is Outcome.EXHAUSTED
    assert story.said == ["Nobody is on call for step 1: skipped", "Nobody could be paged"]


def test_a_person_behind_two_targets_is_paged_once() -> None:
    story = Story(a_policy(a_step(schedule("primary"), person("alice"), person("bob"))))

    assert story.paged == [(0, ("alice", "bob"))]


def test_asking_again_for_a_decided_turn_gives_the_same_answer() -> None:
    story = Story(a_policy())

    again = advance(story.escalation, story.incident, story.policy, ON_CALL, after_turn=0, now=after(seconds=7))

    assert again.escalation == story.escalation
    assert again.entries == ()


def test_a_policy_edited_in_flight_counts_from_the_next_step_on() -> None:
    story = Story(a_policy())

    story.policy = a_policy(a_step(person("alice")), a_step(person("cto")))
    story.forward(minutes=5)

    assert story.paged == [(0, ("alice",)), (5, ("cto",))]


def test_a_policy_that_became_shorter_in_flight_ends() -> None:
    story = Story(a_policy())

    story.policy = a_policy(a_step(person("alice")))
    story.forward(minutes=5)

    assert story.escalation.outcome is Outcome.EXHAUSTED


def test_the_ladder_is_the_steps_their_repeats_and_the_fallback() -> None:
    ladder = rungs(a_policy(a_step(person("alice"), minutes=1), repeat=2, fallback=(person("cto"),)))

    assert [(rung.name, rung.wait) for rung in ladder] == [
        *[("step 1", timedelta(minutes=1))] * 3,
        ("fallback", timedelta(minutes=1)),
    ]


def test_an_outcome_once_there_stays() -> None:
    ended = finish(Story(a_policy()).escalation, Outcome.ACKNOWLEDGED)

    assert finish(ended, Outcome.RESOLVED) == ended
    assert ended.due_at is None


def test_the_state_machine_is_told_whole_seconds_and_never_none() -> None:
    quick = Story(a_policy(a_step(person("alice"), minutes=0.001)))

    assert decision(quick.escalation).model_dump() == {
        "decision": "page",
        "turn": 1,
        "wait_seconds": 1,
        "outcome": "",
    }
    assert decision(finish(quick.escalation, Outcome.RESOLVED)).model_dump() == {
        "decision": "finished",
        "turn": 2,
        "wait_seconds": 0,
        "outcome": "resolved",
    }


@pytest.mark.parametrize(
    ("status", "turn"),
    [
        pytest.param(IncidentStatus.ACKNOWLEDGED, 1, id="acknowledged meanwhile"),
        pytest.param(IncidentStatus.RESOLVED, 1, id="over meanwhile"),
        pytest.param(IncidentStatus.TRIGGERED, 0, id="an older turn"),
    ],
)
def test_a_turn_that_is_over_does_not_wait(status: IncidentStatus, turn: int) -> None:
    story = Story(a_policy())
    request = Turn(incident_id="i", escalation_id="e", turn=turn, token="t")

    with pytest.raises(AlreadyAnsweredError, match="is over"):
        wait_with(story.escalation, an_incident(status=status), request)
