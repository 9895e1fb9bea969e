"""The link in a page. GET shows, POST acknowledges: mail scanners open links, and must not answer for anybody."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.acknowledge_link import Claims, read
from tocsin.domain.incident import acknowledge
from tocsin.domain.incidents import Incident
from tocsin.domain.people import Person
from tocsin.errors import TocsinError
from tocsin.intake.pages import html, refusal
from tocsin.settings import AcknowledgeIncidentSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.retry import retry_lost_races
from tocsin.stores.secrets import read_secret

logger = Logger()


@cache
def settings() -> AcknowledgeIncidentSettings:
    return AcknowledgeIncidentSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def incidents() -> IncidentStore:
    return IncidentStore(settings().incidents_table)


def show(claims: Claims) -> dict[str, Any]:
    return _page(incidents().get(claims.incident_id), directory().person(claims.person_id))


@retry_lost_races
def take(claims: Claims) -> dict[str, Any]:
    person = directory().person(claims.person_id)
    incident = incidents().get(claims.incident_id)
    change = acknowledge(incident, person, utc_now())
    incidents().save(change)
    logger.info(
        "acknowledged",
        incident_id=incident.incident_id,
        person_id=person.person_id,
        changed=change.incident is not None,
    )
    return _page(change.incident or incident, person)


ACTIONS = {"GET": show, "POST": take}


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    try:
        claims = read(event["pathParameters"]["token"], read_secret(settings().acknowledge_key_secret), utc_now())
        return ACTIONS[event["requestContext"]["http"]["method"]](claims)
    except TocsinError as error:
        logger.warning("refused", reason=type(error).__name__)
        return refusal(error)


def _page(incident: Incident, person: Person) -> dict[str, Any]:
    holder = directory().person_name(incident.acknowledged_by) if incident.acknowledged_by else None
    return html("acknowledge.html.j2", incident=incident, person=person, holder=holder)
