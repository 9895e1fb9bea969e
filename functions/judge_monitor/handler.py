"""A region changed its mind about a monitor, or the sweeper doubts it: what do the regions say together, and to whom?

One that was taken out of the file is forgotten: should it come back, it is news again.
"""

from datetime import datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.checks import Monitor
from tocsin.domain.events import MonitorDoubted, MonitorRemoved, ObservationChanged, parse_event
from tocsin.domain.monitor import MonitorStatus, forget, judge, unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.suppression import Parent, ancestors, parent
from tocsin.domain.votes import Vote
from tocsin.errors import NotFoundError
from tocsin.settings import JudgeMonitorSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.region_views import RegionViews
from tocsin.stores.retry import retry_lost_races

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)

Taken = ObservationChanged | MonitorDoubted | MonitorRemoved
TAKEN: tuple[type[Taken], ...] = (ObservationChanged, MonitorDoubted, MonitorRemoved)


@cache
def settings() -> JudgeMonitorSettings:
    return JudgeMonitorSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def views() -> RegionViews:
    return RegionViews(settings().monitoring_table)


@cache
def statuses() -> MonitorStatusStore:
    return MonitorStatusStore(settings().monitoring_table)


def judge_monitor(record: SQSRecord) -> None:
    event = parse_event(record.body, *TAKEN)
    try:
        monitor = directory().monitor(event.monitor_id)
    except NotFoundError:
        forget_monitor(event.monitor_id, utc_now())
        logger.info("forgotten: the monitor was removed", monitor_id=event.monitor_id)
        return
    judged = judge_from_views(monitor, utc_now())
    logger.info("judged", monitor_id=monitor.monitor_id, state=judged.state, regions_down=judged.regions_down)


@retry_lost_races
def judge_from_views(monitor: Monitor, now: datetime) -> MonitorStatus:
    status = statuses().get(monitor.monitor_id) or unjudged(monitor, now)
    votes = votes_on(monitor)
    judged, events = judge(status, monitor, votes, now, parents_of(monitor, votes, now))
    if judged != status:
        statuses().save(judged, events)
    return judged


def votes_on(monitor: Monitor) -> tuple[Vote, ...]:
    return views().votes(monitor.monitor_id, directory().placements(monitor.monitor_id))


def parents_of(monitor: Monitor, votes: tuple[Vote, ...], now: datetime) -> tuple[Parent, ...]:
    """Nobody asks for the parents of a monitor that all find up: they are read only when something is wrong."""
    if all(vote.state is MonitorState.UP for vote in votes):
        return ()
    return tuple(as_parent(each, now) for each in ancestors(monitor, directory().monitor))


def as_parent(monitor: Monitor, now: datetime) -> Parent:
    status = statuses().get(monitor.monitor_id) or unjudged(monitor, now)
    return parent(monitor, status.state, status.since, votes_on(monitor), now)


@retry_lost_races
def forget_monitor(monitor_id: str, now: datetime) -> None:
    status = statuses().get(monitor_id)
    if status and forget(status, now) != status:
        statuses().save(forget(status, now), ())


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, judge_monitor, processor, context)
