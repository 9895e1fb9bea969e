"""An incident was triggered: its escalation begins. Starting one twice is harmless."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.domain.events import IncidentTriggered, parse_event
from tocsin.settings import StartEscalationSettings
from tocsin.stores.executions import Executions
from tocsin.stores.incidents import IncidentStore

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)


@cache
def incidents() -> IncidentStore:
    return IncidentStore(StartEscalationSettings.from_environment().incidents_table)


@cache
def executions() -> Executions:
    return Executions(StartEscalationSettings.from_environment().state_machine_arn)


def start_escalation(record: SQSRecord) -> None:
    event = parse_event(record.body, IncidentTriggered)
    for escalation in incidents().escalations(event.incident_id):
        executions().start(escalation)
        logger.info("started", incident_id=event.incident_id, escalation_id=escalation.escalation_id)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, start_escalation, processor, context)
