"""What an execution of the escalation does. The names of its states are what people read in the console.

Input: incident_id, escalation_id and turn, the number of the last decision, from 0.
"""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

PATIENCE = 1000
"""Tries of a decision: without one nobody is paged, so the execution outlives hours of outage."""
PERSISTENCE = 8
"""Tries of a page: about a minute, then the next step is better than more of the same."""

# The ids stay the same for the whole execution, so they are read from its input and not carried along.
_TURN = {
    "incident_id": sfn.JsonPath.string_at("$$.Execution.Input.incident_id"),
    "escalation_id": sfn.JsonPath.string_at("$$.Execution.Input.escalation_id"),
    "turn": sfn.JsonPath.number_at("$.turn"),
}


def escalation_states(scope: Construct, *, decide: lambda_.IFunction, page: lambda_.IFunction) -> sfn.IChainable:
    decision = _decide(scope, decide)
    paging = _page(scope, page)
    acknowledged, resolved = sfn.Succeed(scope, "Acknowledged"), sfn.Succeed(scope, "Resolved")
    exhausted = sfn.Succeed(scope, "Everyone was paged")

    for error, name in (
        ("States.Timeout", "Nobody answered in time"),
        ("AlreadyAnsweredError", "It was answered meanwhile"),
        ("States.ALL", "Paging failed"),
    ):
        paging.add_catch(sfn.Pass(scope, name).next(decision), errors=[error], result_path="$.why")
    answered = (
        sfn.Choice(scope, "How was it answered?")
        .when(sfn.Condition.string_equals("$.outcome", "acknowledged"), acknowledged)
        .otherwise(resolved)
    )
    finished = (
        sfn.Choice(scope, "How did it end?")
        .when(sfn.Condition.string_equals("$.outcome", "acknowledged"), acknowledged)
        .when(sfn.Condition.string_equals("$.outcome", "resolved"), resolved)
        .otherwise(exhausted)
    )
    return decision.next(
        sfn.Choice(scope, "Is there someone to page?")
        .when(sfn.Condition.string_equals("$.decision", "page"), paging.next(answered))
        .otherwise(finished)
    )


def _decide(scope: Construct, function: lambda_.IFunction) -> tasks.LambdaInvoke:
    decide = tasks.LambdaInvoke(
        scope,
        "Decide the next step",
        lambda_function=function,
        payload=sfn.TaskInput.from_object(_TURN),
        result_selector={
            "decision": sfn.JsonPath.string_at("$.Payload.decision"),
            "turn": sfn.JsonPath.number_at("$.Payload.turn"),
            "wait_seconds": sfn.JsonPath.number_at("$.Payload.wait_seconds"),
            "outcome": sfn.JsonPath.string_at("$.Payload.outcome"),
        },
        task_timeout=sfn.Timeout.duration(Duration.seconds(60)),
        retry_on_service_exceptions=False,
    )
    _keep_trying(decide, attempts=PATIENCE, errors=["States.ALL"])
    return decide


def _page(scope: Construct, function: lambda_.IFunction) -> tasks.LambdaInvoke:
    """Waits for an answer: the token is kept with the escalation, and sent back by whoever ends it."""
    page = tasks.LambdaInvoke(
        scope,
        "Page responders",
        lambda_function=function,
        integration_pattern=sfn.IntegrationPattern.WAIT_FOR_TASK_TOKEN,
        payload=sfn.TaskInput.from_object({**_TURN, "token": sfn.JsonPath.task_token}),
        task_timeout=sfn.Timeout.at("$.wait_seconds"),
        retry_on_service_exceptions=False,
    )
    page.add_retry(errors=["AlreadyAnsweredError"], max_attempts=0)
    _keep_trying(page, attempts=PERSISTENCE, errors=["States.TaskFailed"])
    return page


def _keep_trying(task: tasks.LambdaInvoke, *, attempts: int, errors: list[str]) -> None:
    task.add_retry(
        errors=errors,
        max_attempts=attempts,
        interval=Duration.seconds(1),
        backoff_rate=2,
        max_delay=Duration.seconds(20),
        jitter_strategy=sfn.JitterType.FULL,
    )
