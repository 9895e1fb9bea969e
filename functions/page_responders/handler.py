"""The responders of an escalation's turn are to be told; the task token is kept for whoever acknowledges."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.notification import request, requested
from tocsin.domain.turns import Turn, wait_with
from tocsin.settings import PageRespondersSettings
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.retry import retry_lost_races

logger = Logger()


@cache
def incidents() -> IncidentStore:
    return IncidentStore(PageRespondersSettings.from_environment().incidents_table)


@retry_lost_races
def page_responders(turn: Turn) -> None:
    now = utc_now()
    escalation = incidents().escalation(turn.incident_id, turn.escalation_id)
    waiting = wait_with(escalation, incidents().get(turn.incident_id), turn)
    known = {notification.notification_id for notification in incidents().notifications(turn.incident_id)}
    new = [notification for notification in request(waiting, "email", now) if notification.notification_id not in known]
    incidents().save_page(waiting, [(notification, requested(notification, now)) for notification in new])
    logger.info("paging", incident_id=turn.incident_id, turn=turn.turn, responders=waiting.responders)


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    page_responders(Turn.model_validate(event))
