"""Somebody acknowledged, or it is over: the escalation ends, and its execution stops waiting."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.domain.escalation import Outcome, finish
from tocsin.domain.events import IncidentAcknowledged, IncidentResolved, parse_event
from tocsin.settings import EndEscalationSettings
from tocsin.stores.executions import answer
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.retry import retry_lost_races

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)

OUTCOMES: dict[type[IncidentAcknowledged | IncidentResolved], Outcome] = {
    IncidentAcknowledged: Outcome.ACKNOWLEDGED,
    IncidentResolved: Outcome.RESOLVED,
}


@cache
def incidents() -> IncidentStore:
    return IncidentStore(EndEscalationSettings.from_environment().incidents_table)


@retry_lost_races
def end_escalation(record: SQSRecord) -> None:
    event = parse_event(record.body, *OUTCOMES)
    for escalation in incidents().escalations(event.incident_id):
        ended = finish(escalation, OUTCOMES[type(event)])
        if ended != escalation:
            incidents().save_escalation(ended)
        if ended.task_token and ended.outcome:
            answer(ended.task_token, ended.outcome)
        logger.info("ended", incident_id=event.incident_id, escalation_id=ended.escalation_id, outcome=ended.outcome)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, end_escalation, processor, context)
