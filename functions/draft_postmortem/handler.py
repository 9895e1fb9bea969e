"""An incident is over: a draft of its postmortem is written, once, for people to finish."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.events import IncidentResolved, parse_event
from tocsin.domain.postmortem import Aftermath, Postmortem, draft, path_of
from tocsin.errors import ConflictError
from tocsin.publishers.bucket import Bucket, File
from tocsin.settings import DraftPostmortemSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.postmortems import PostmortemStore
from tocsin.stores.retry import retry_lost_races

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)


@cache
def settings() -> DraftPostmortemSettings:
    return DraftPostmortemSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def incidents() -> IncidentStore:
    return IncidentStore(settings().incidents_table)


@cache
def postmortems() -> PostmortemStore:
    return PostmortemStore(settings().incidents_table)


@retry_lost_races
def draft_postmortem(record: SQSRecord) -> None:
    incident_id = parse_event(record.body, IncidentResolved).incident_id
    if postmortems().get(incident_id):
        return
    postmortem = Postmortem(incident_id=incident_id, path=path_of(incident_id), drafted_at=utc_now())
    keep(postmortem.path, draft(aftermath(incident_id)))
    postmortems().create(postmortem)
    logger.info("drafted", incident_id=incident_id, path=postmortem.path)


def keep(path: str, text: str) -> None:
    """What is there already was drafted by a run that died before it could say so, and may have been edited since."""
    try:
        Bucket(settings().bucket).replace(File(path, text.encode(), "text/markdown; charset=utf-8", "no-store"), None)
    except ConflictError:
        logger.info("kept what was there", path=path)


def aftermath(incident_id: str) -> Aftermath:
    timeline = tuple(incidents().timeline(incident_id))
    paged = tuple(sent.person_id for sent in incidents().notifications(incident_id) if sent.sent_at)
    people = {*paged, *(entry.actor for entry in timeline)}
    return Aftermath(
        incident=incidents().get(incident_id),
        timeline=timeline,
        paged=paged,
        names={person_id: directory().person_name(person_id) for person_id in people},
    )


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, draft_postmortem, processor, context)
