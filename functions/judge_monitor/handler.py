"""A region changed its mind about a monitor, or the sweeper doubts it: what do the regions say together, and to whom?

One that was taken out of the file or paused is forgotten: should it come back, it is news again. When maintenance
begins or ends, all that is not up is judged again: who is to be told has changed.
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
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.events import (
    HeartbeatRescheduled,
    MaintenanceBegan,
    MaintenanceEnded,
    MonitorDoubted,
    MonitorPaused,
    MonitorRemoved,
    ObservationChanged,
    parse_event,
)
from tocsin.domain.heartbeat import known_at, vote_of
from tocsin.domain.maintenance import muted_by
from tocsin.domain.monitor import MonitorStatus, forget, judge, unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.suppression import Parent, ancestors, parent
from tocsin.domain.votes import Vote
from tocsin.settings import JudgeMonitorSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.doubts import DoubtStore
from tocsin.stores.heartbeats import HeartbeatStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.region_views import RegionViews
from tocsin.stores.retry import retry_lost_races
from tocsin.stores.together import read_together

logger = Logger()
processor = BatchProcessor(event_type=EventType.SQS)

AboutOne = ObservationChanged | MonitorDoubted | MonitorRemoved | MonitorPaused | HeartbeatRescheduled
AboutMany = MaintenanceBegan | MaintenanceEnded
TAKEN: tuple[type[AboutOne | AboutMany], ...] = (
    ObservationChanged,
    MonitorDoubted,
    MonitorRemoved,
    MonitorPaused,
    HeartbeatRescheduled,
    MaintenanceBegan,
    MaintenanceEnded,
)


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
def doubts() -> DoubtStore:
    return DoubtStore(settings().monitoring_table)


@cache
def heartbeats() -> HeartbeatStore:
    return HeartbeatStore(settings().monitoring_table)


@cache
def statuses() -> MonitorStatusStore:
    return MonitorStatusStore(settings().monitoring_table)


def judge_monitor(record: SQSRecord) -> None:
    event, now = parse_event(record.body, *TAKEN), utc_now()
    if isinstance(event, HeartbeatRescheduled):
        reschedule(event.monitor_id, now)
    if isinstance(event, MonitorRemoved | MonitorPaused):
        forget_monitor(event.monitor_id, now, until=event.occurred_at)
    if isinstance(event, AboutOne):
        judge_one(event.monitor_id, now)
    else:
        ask_about(event)


def ask_about(event: AboutMany) -> None:
    """Each is judged by itself: together they may be more than there is time for."""
    reason = "maintenance began" if isinstance(event, MaintenanceBegan) else "maintenance ended"
    asked = not_up_in(event)
    events = [MonitorDoubted(occurred_at=event.occurred_at, monitor_id=each, reason=reason) for each in asked]
    doubts().save(None, events)
    logger.info(reason, window_id=event.window_id, monitors=asked)


def not_up_in(event: AboutMany) -> list[str]:
    """The monitors in a maintenance window about which there may be something to tell."""
    within = [
        monitor.monitor_id
        for monitor in directory().monitors()
        if monitor.service_id in event.services or monitor.monitor_id in event.monitors
    ]
    known = read_together(statuses().get, within)
    return [monitor_id for monitor_id, status in known.items() if status and status.state is not MonitorState.UP]


def judge_one(monitor_id: str, now: datetime) -> None:
    monitor = directory().watched(monitor_id)
    if monitor is None:
        forget_monitor(monitor_id, now, until=now)
        logger.info("forgotten: the monitor was removed or paused", monitor_id=monitor_id)
        return
    judged = judge_from_votes(monitor, now)
    logger.info(
        "judged",
        monitor_id=monitor_id,
        state=judged.state,
        regions_down=judged.regions_down,
        muted_by=judged.muted_by,
    )


@retry_lost_races
def judge_from_votes(monitor: Monitor, now: datetime) -> MonitorStatus:
    status = statuses().get(monitor.monitor_id) or unjudged(monitor, now)
    votes = votes_on(monitor, now)
    judged, events = judge(status, monitor, votes, now, *circumstances(monitor, votes, now))
    if judged != status:
        statuses().save(judged, events)
    return judged


def votes_on(monitor: Monitor, now: datetime) -> tuple[Vote, ...]:
    """A heartbeat has one vote, its own."""
    if isinstance(monitor.check, HeartbeatCheck):
        vote = vote_of(heartbeats().get(monitor.monitor_id), monitor.check, now)
        return (vote,) if vote else ()
    return views().votes(monitor.monitor_id, directory().placements(monitor.monitor_id))


def circumstances(monitor: Monitor, votes: tuple[Vote, ...], now: datetime) -> tuple[tuple[Parent, ...], str | None]:
    """What it depends on, and its maintenance. Of a monitor that all find up nobody asks: nothing is read."""
    if all(vote.state is MonitorState.UP for vote in votes):
        return (), None
    parents = tuple(as_parent(each, now) for each in ancestors(monitor, directory().monitor))
    return parents, muted_by(directory().maintenance(), monitor.service_id, monitor.monitor_id, now)


def as_parent(monitor: Monitor, now: datetime) -> Parent:
    status = statuses().get(monitor.monitor_id) or unjudged(monitor, now)
    return parent(monitor, status.state, status.since, votes_on(monitor, now), now)


@retry_lost_races
def forget_monitor(monitor_id: str, now: datetime, *, until: datetime) -> None:
    """Also one that is watched again by now, for its alert was withdrawn. A heartbeat called since `until` is kept."""
    status = statuses().get(monitor_id)
    if status and forget(status, now) != status:
        statuses().save(forget(status, now), ())
    called_at = heartbeats().get(monitor_id).called_at
    if called_at is None or called_at <= until:
        heartbeats().forget(monitor_id)


@retry_lost_races
def reschedule(monitor_id: str, now: datetime) -> None:
    """By what the file says now. One that is new or down waits for nothing."""
    heartbeat, monitor = heartbeats().get(monitor_id), directory().watched(monitor_id)
    if monitor and isinstance(monitor.check, HeartbeatCheck) and heartbeat.version:
        heartbeats().save(known_at(heartbeat, monitor.check, now), monitor.check, ())


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event, judge_monitor, processor, context)
