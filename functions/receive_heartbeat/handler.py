"""A job calls: it begins, it has ended, it has failed. It is told OK once that is stored, and not before."""

from datetime import datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.heartbeat import Call, receive
from tocsin.domain.heartbeat_key import monitor_of
from tocsin.errors import NotFoundError, TocsinError
from tocsin.intake.heartbeats import call_in, refusal, text
from tocsin.settings import ReceiveHeartbeatSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.heartbeats import HeartbeatStore
from tocsin.stores.retry import retry_lost_races
from tocsin.stores.secrets import read_secret

logger = Logger()


@cache
def settings() -> ReceiveHeartbeatSettings:
    return ReceiveHeartbeatSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def heartbeats() -> HeartbeatStore:
    return HeartbeatStore(settings().monitoring_table)


def answer(request: dict[str, Any], now: datetime) -> dict[str, Any]:
    monitor_id = monitor_of(request["pathParameters"]["key"], read_secret(settings().heartbeat_key_secret))
    return count(monitor_id, request["requestContext"]["http"]["method"], call_in(request, now))


@retry_lost_races
def count(monitor_id: str, method: str, call: Call) -> dict[str, Any]:
    monitor = directory().monitor(monitor_id)
    if not isinstance(monitor.check, HeartbeatCheck):
        raise NotFoundError(f"{monitor_id} is not a heartbeat any more")
    if method != "POST" and not monitor.check.allow_get:
        return text(405, "call it with POST: scanners of links use GET, so here it does not count", allow="POST")
    if monitor.paused:
        return text(200, "OK, but it is paused: the call does not count")
    heartbeat, events = receive(heartbeats().get(monitor_id), call)
    heartbeats().save(heartbeat, monitor.check, events, call)
    logger.info("called", monitor_id=monitor_id, kind=call.kind, state=heartbeat.state, changed=bool(events))
    return text(200, "OK")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    try:
        return answer(event, utc_now())
    except TocsinError as error:
        logger.warning("refused", reason=type(error).__name__)
        return refusal(error)
