"""Executions of the escalation state machine: started by us, and told when somebody answered."""

import json
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import boto3

from tocsin.aws import client_config
from tocsin.domain.escalation import Escalation, Outcome

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


@cache
def step_functions() -> "SFNClient":
    return boto3.client("stepfunctions", config=client_config())


class Executions:
    def __init__(self, state_machine_arn: str) -> None:
        self._state_machine_arn = state_machine_arn

    def start(self, escalation: Escalation) -> None:
        """Named after the escalation, so starting twice is harmless."""
        self._start(escalation, escalation.escalation_id)

    def restart(self, escalation: Escalation, now: datetime) -> None:
        """A new execution for an escalation whose own seems lost; at most one a minute."""
        self._start(escalation, f"{escalation.escalation_id}-restarted-{now:%Y%m%dT%H%M}")

    def _start(self, escalation: Escalation, name: str) -> None:
        turn = {
            "incident_id": escalation.incident_id,
            "escalation_id": escalation.escalation_id,
            "turn": escalation.turn,
        }
        client = step_functions()
        try:
            client.start_execution(stateMachineArn=self._state_machine_arn, name=name, input=json.dumps(turn))
        except client.exceptions.ExecutionAlreadyExists:
            return


def answer(task_token: str, outcome: Outcome) -> None:
    """Wakes the execution that waits with this token; harmless when it no longer waits."""
    client = step_functions()
    gone = (client.exceptions.TaskTimedOut, client.exceptions.TaskDoesNotExist, client.exceptions.InvalidToken)
    try:
        client.send_task_success(taskToken=task_token, output=json.dumps({"outcome": outcome.value}))
    except gone:
        return
