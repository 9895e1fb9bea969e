"""The state machine, told as what happens to a page."""

import json
from typing import Any

import pytest

from tests.support.template import Template


@pytest.fixture(scope="session")
def definition(home: Template) -> dict[str, Any]:
    [machine] = home.of_type("AWS::StepFunctions::StateMachine").values()
    return dict(json.loads(home.written(machine["DefinitionString"])))


@pytest.fixture(scope="session")
def states(definition: dict[str, Any]) -> dict[str, Any]:
    return dict(definition["States"])


def test_the_states_read_as_sentences(states: dict[str, Any]) -> None:
    assert sorted(states) == [
        "Acknowledged",
        "Decide the next step",
        "Everyone was paged",
        "How did it end?",
        "How was it answered?",
        "Is there someone to page?",
        "It was answered meanwhile",
        "Nobody answered in time",
        "Page responders",
        "Paging failed",
        "Resolved",
    ]


def test_it_begins_with_a_decision_and_pages_when_there_is_someone(
    definition: dict[str, Any], states: dict[str, Any]
) -> None:
    question = states["Is there someone to page?"]

    assert definition["StartAt"] == "Decide the next step"
    assert states["Decide the next step"]["Next"] == "Is there someone to page?"
    assert choices(question) == {("$.decision", "page"): "Page responders"}
    assert question["Default"] == "How did it end?"


def test_a_page_waits_for_its_answer_as_long_as_the_step_says(states: dict[str, Any]) -> None:
    page = states["Page responders"]

    assert page["Resource"].endswith("lambda:invoke.waitForTaskToken")
    assert page["TimeoutSecondsPath"] == "$.wait_seconds"
    assert page["Parameters"]["Payload"] == {
        "incident_id.$": "$$.Execution.Input.incident_id",
        "escalation_id.$": "$$.Execution.Input.escalation_id",
        "turn.$": "$.turn",
        "token.$": "$$.Task.Token",
    }


def test_an_answer_ends_it(states: dict[str, Any]) -> None:
    answered = states["How was it answered?"]

    assert states["Page responders"]["Next"] == "How was it answered?"
    assert choices(answered) == {("$.outcome", "acknowledged"): "Acknowledged"}
    assert answered["Default"] == "Resolved"
    assert {states[name]["Type"] for name in ("Acknowledged", "Resolved", "Everyone was paged")} == {"Succeed"}


@pytest.mark.parametrize(
    ("error", "then"),
    [
        pytest.param("States.Timeout", "Nobody answered in time", id="no answer"),
        pytest.param("AlreadyAnsweredError", "It was answered meanwhile", id="a late page"),
        pytest.param("States.ALL", "Paging failed", id="anything else"),
    ],
)
def test_without_an_answer_the_next_step_is_decided(states: dict[str, Any], error: str, then: str) -> None:
    caught = {catch["ErrorEquals"][0]: catch for catch in states["Page responders"]["Catch"]}

    assert caught[error]["Next"] == then
    assert caught[error]["ResultPath"] == "$.why", "the turn must still be known"
    assert states[then]["Next"] == "Decide the next step"


def test_what_catches_everything_comes_last(states: dict[str, Any]) -> None:
    assert states["Page responders"]["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


def test_no_single_failure_ends_a_page(states: dict[str, Any]) -> None:
    late, failed = states["Page responders"]["Retry"]

    assert late == {"ErrorEquals": ["AlreadyAnsweredError"], "MaxAttempts": 0}
    assert failed["ErrorEquals"] == ["States.TaskFailed"]
    assert failed["MaxAttempts"] == 8
    assert failed["JitterStrategy"] == "FULL"
    assert slowest(failed) < 120, "within two minutes the next step is paged"


def test_a_decision_is_asked_for_through_hours_of_failures(states: dict[str, Any]) -> None:
    [retry] = states["Decide the next step"]["Retry"]

    assert retry["ErrorEquals"] == ["States.ALL"]
    assert retry["MaxDelaySeconds"] == 20
    # With full jitter a delay is half of its bound on average. An execution has 25,000 events at most, a try has five.
    assert retry["MaxAttempts"] * retry["MaxDelaySeconds"] / 2 > 2.5 * 3600
    assert retry["MaxAttempts"] * 5 < 25_000


def test_when_nobody_is_left_it_says_how_it_ended(states: dict[str, Any]) -> None:
    ended = states["How did it end?"]

    assert choices(ended) == {("$.outcome", "acknowledged"): "Acknowledged", ("$.outcome", "resolved"): "Resolved"}
    assert ended["Default"] == "Everyone was paged"


def choices(state: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {(choice["Variable"], choice["StringEquals"]): choice["Next"] for choice in state["Choices"]}


def slowest(retry: dict[str, Any]) -> float:
    delays = (retry["IntervalSeconds"] * retry["BackoffRate"] ** attempt for attempt in range(retry["MaxAttempts"]))
    return float(sum(min(delay, retry["MaxDelaySeconds"]) for delay in delays))
