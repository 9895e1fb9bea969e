"""The state machine asks whom to page next, and for how long. Asked again for the same turn, the answer stays.

An escalation that nobody answered is a metric, and its alarm tells those who look after Tocsin.
"""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.escalation import Outcome, advance, who_answers
from tocsin.domain.policy import EscalationPolicy
from tocsin.domain.turns import Decision, Question, decision
from tocsin.errors import NotFoundError
from tocsin.settings import AdvanceEscalationSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.retry import retry_lost_races

logger = Logger()


@cache
def settings() -> AdvanceEscalationSettings:
    return AdvanceEscalationSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def incidents() -> IncidentStore:
    return IncidentStore(settings().incidents_table)


@retry_lost_races
def decide(question: Question) -> Decision:
    now = utc_now()
    incident = incidents().get(question.incident_id)
    escalation = incidents().escalation(question.incident_id, question.escalation_id)
    policy = live_policy(incident.service_id) or escalation.policy
    schedules = {schedule.schedule_id: schedule for schedule in directory().schedules()}
    on_call = who_answers(policy, schedules, now)
    step = advance(escalation, incident, policy, on_call, question.turn, now)
    if step.escalation != escalation:
        incidents().save_escalation(step.escalation, step.entries)
    return decision(step.escalation)


def live_policy(service_id: str) -> EscalationPolicy | None:
    """What the file says now; None when the service or its policy was renamed or removed since the trigger."""
    try:
        return directory().escalation_policy(directory().service(service_id).escalation_policy)
    except NotFoundError:
        return None


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    answer = decide(Question.model_validate(event))
    if answer.outcome == Outcome.EXHAUSTED:
        with single_metric(name="Unanswered", unit=MetricUnit.Count, value=1, namespace="Tocsin") as metric:
            metric.add_dimension("service", "advance_escalation")
    logger.info("decided", incident_id=event["incident_id"], **answer.model_dump(mode="json"))
    return answer.model_dump(mode="json")
