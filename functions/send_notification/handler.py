"""One page goes out to one responder, unless the incident has been taken in hand meanwhile."""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.channels.email import EmailChannel
from tocsin.clock import utc_now
from tocsin.domain.acknowledge_link import LIFETIME, Claims, sign
from tocsin.domain.events import NotificationRequested, parse_event
from tocsin.domain.notification import Delivery, Notification, claim, failed, release, sent
from tocsin.domain.page import Page, page
from tocsin.errors import DeliveryError
from tocsin.settings import SendNotificationSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.retry import retry_lost_races
from tocsin.stores.secrets import read_secret

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)


class Channel(Protocol):
    def send(self, page: Page) -> str: ...


@cache
def settings() -> SendNotificationSettings:
    return SendNotificationSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def incidents() -> IncidentStore:
    return IncidentStore(settings().incidents_table)


@cache
def channels() -> dict[str, Channel]:
    return {"email": EmailChannel(settings().sender)}


def send_notification(record: SQSRecord) -> None:
    event = parse_event(record.body, NotificationRequested)
    now = utc_now()
    notification = incidents().notification(event.incident_id, event.notification_id)
    claimed = claim(notification, incidents().get(event.incident_id), now).notification
    if claimed != notification:
        incidents().save_delivery(Delivery(claimed))
    if not claimed.is_settled:
        deliver(incidents().notification(event.incident_id, event.notification_id), now)
    logger.info("handled", incident_id=event.incident_id, notification_id=event.notification_id, state=claimed.state)


def deliver(notification: Notification, now: datetime) -> None:
    message = compose(notification, now)
    try:
        provider_id = channels()[notification.channel].send(message)
    except DeliveryError as error:
        if not error.permanent:
            record(notification, release)
            raise
        record(notification, partial(failed, person=message.to, reason=str(error), now=utc_now()))
        return
    record(notification, partial(sent, person=message.to, provider_id=provider_id, now=utc_now()))


@retry_lost_races
def record(notification: Notification, outcome: Callable[[Notification], Delivery]) -> None:
    """Stored whoever else has touched it during the send: what is not known to be sent is sent again."""
    current = incidents().notification(notification.incident_id, notification.notification_id)
    incidents().save_delivery(outcome(current))


def compose(notification: Notification, now: datetime) -> Page:
    incident = incidents().get(notification.incident_id)
    person = directory().person(notification.person_id)
    claims = Claims(incident_id=incident.incident_id, person_id=person.person_id, expires_at=now + LIFETIME)
    token = sign(claims, read_secret(settings().acknowledge_key_secret))
    url = f"{settings().api_url}/ack/{token}"
    return page(person, incident, incidents().timeline(incident.incident_id), url, claims.expires_at)


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, send_notification, processor, context)
