"""What the state machine asks of an escalation, and what it is told. Each answer has a number, its turn."""

from typing import Literal

from tocsin.domain.escalation import Escalation, answer_to
from tocsin.domain.incidents import Incident
from tocsin.domain.record import Record
from tocsin.errors import RefusedError


class Question(Record):
    """What the state machine asks: what comes after `turn`?"""

    incident_id: str
    escalation_id: str
    turn: int


class Decision(Record):
    """What it is answered. `wait_seconds` is for a page, `outcome` for the end; the other is 0 or empty."""

    decision: Literal["page", "finished"]
    turn: int
    wait_seconds: int = 0
    outcome: str = ""


class Turn(Record):
    """The state machine's request to page the responders of a turn, and the token to answer it with."""

    incident_id: str
    escalation_id: str
    turn: int
    token: str


class AlreadyAnsweredError(RefusedError):
    """There is nobody to page any more for this turn; the state machine catches it by this name."""


def decision(escalation: Escalation) -> Decision:
    if escalation.outcome:
        return Decision(decision="finished", turn=escalation.turn, outcome=escalation.outcome)
    return Decision(decision="page", turn=escalation.turn, wait_seconds=max(1, round(escalation.wait.total_seconds())))


def wait_with(escalation: Escalation, incident: Incident, turn: Turn) -> Escalation:
    """The escalation, waiting with the turn's token. Raises AlreadyAnsweredError when that turn is over."""
    if escalation.outcome or answer_to(incident) or escalation.turn != turn.turn:
        raise AlreadyAnsweredError(f"turn {turn.turn} of {escalation.escalation_id} is over")
    return escalation.model_copy(update={"task_token": turn.token})
