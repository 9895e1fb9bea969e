"""Each minute: what is overdue is moved on. Timers are hints; what is stored as due is the truth.

An errand that fails holds up no other: it is found undone, as anything is that is overdue, and not all is clean.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.doubts import questions, remembered, to_ask, unusual, waiting
from tocsin.domain.escalation import Escalation
from tocsin.domain.heartbeat import Heartbeat, pass_time
from tocsin.domain.maintenance_turns import turn
from tocsin.domain.notification import Notification, remind, requested
from tocsin.errors import ConflictError, NotFoundError
from tocsin.settings import SweepSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.doubts import DoubtStore
from tocsin.stores.executions import Executions
from tocsin.stores.heartbeats import HeartbeatStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.keys import Key
from tocsin.stores.maintenance import MaintenanceStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.overdue import move_on, readable
from tocsin.stores.region_views import RegionViews
from tocsin.stores.retry import retry_lost_races

GRACE = timedelta(seconds=30)
"""How late a timer may be before it is taken to be lost."""

logger = Logger()
metrics = Metrics(namespace="Tocsin", service="sweep")


@cache
def settings() -> SweepSettings:
    return SweepSettings.from_environment()


@cache
def incidents() -> IncidentStore:
    return IncidentStore(settings().incidents_table)


@cache
def executions() -> Executions:
    return Executions(settings().state_machine_arn)


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def views() -> RegionViews:
    return RegionViews(settings().monitoring_table)


@cache
def statuses() -> MonitorStatusStore:
    return MonitorStatusStore(settings().monitoring_table)


@cache
def heartbeats() -> HeartbeatStore:
    return HeartbeatStore(settings().monitoring_table)


@cache
def maintenance() -> MaintenanceStore:
    return MaintenanceStore(settings().monitoring_table)


@cache
def doubts() -> DoubtStore:
    return DoubtStore(settings().monitoring_table)


def restart_escalations(now: datetime) -> int:
    return move_on(incidents().overdue_escalations(now - GRACE), restart, now, tell_stuck).found


def remind_notifications(now: datetime) -> int:
    return move_on(incidents().overdue_notifications(now), ask_again, now, tell_stuck).found


def tell_stuck(key: Key) -> None:
    logger.exception("could not be moved on", **key._asdict())


def restart(escalation: Escalation, now: datetime) -> None:
    executions().restart(escalation, now)
    logger.warning("restarted", incident_id=escalation.incident_id, escalation_id=escalation.escalation_id)


def ask_again(notification: Notification, now: datetime) -> None:
    try:
        incidents().save_delivery(remind(notification, now), [requested(notification, now)])
        logger.warning(
            "asked again", incident_id=notification.incident_id, notification_id=notification.notification_id
        )
    except ConflictError:
        logger.info("moved on by itself", notification_id=notification.notification_id)


def flip_heartbeats(now: datetime) -> int:
    """How many could not be: that some are silent is no fault of ours."""
    return move_on(heartbeats().overdue(now), flip, now, tell_stuck).stuck


@retry_lost_races
def flip(overdue: Heartbeat, now: datetime) -> None:
    """What is stored decides: the index may lag, and the file may say other times by now."""
    monitor, heartbeat = directory().watched(overdue.monitor_id), heartbeats().get(overdue.monitor_id)
    if monitor is None or not isinstance(monitor.check, HeartbeatCheck):
        heartbeats().forget(overdue.monitor_id)
    elif heartbeat.version == overdue.version:
        passed, events = pass_time(heartbeat, monitor.check, now)
        heartbeats().save(passed, monitor.check, events)
        logger.info("silent", monitor_id=heartbeat.monitor_id, state=passed.state, found=passed.message)


@retry_lost_races
def turn_maintenance(now: datetime) -> int:
    before = maintenance().on()
    on, events = turn(before, directory().maintenance(), now)
    if events:
        maintenance().save(on, events)
        logger.info("maintenance", windows=list(on.windows), events=[type(event).__name__ for event in events])
    return 0


def doubt_monitors(now: datetime) -> int:
    """Has those judged again of which something may not hold any more. How many of them could not be read."""
    silent, unread = readable(heartbeats().down(), tell_stuck)
    silent_ids = [heartbeat.monitor_id for heartbeat in silent]
    before, said = doubts().get(), unusual(views().all(all_shards()), now, silent_ids, statuses().not_up())
    asking = to_ask(before, said, now)
    left_alone = not_watched() if asking else frozenset[str]()
    after = remembered(before, said, asking, left_alone, now)
    due, unread_too = readable(statuses().due(now), tell_stuck)
    events = questions(waiting(due, now) | asking, left_alone, now)
    doubts().save(after if after != before else None, events)
    if events:
        logger.info("doubted", monitors={event.monitor_id: event.reason for event in events})
    metrics.add_metric("UnknownMonitors", MetricUnit.Count, after.unknown)
    return unread + unread_too


def all_shards() -> list[tuple[str, str]]:
    """Each with its region."""
    try:
        regions = directory().regions().probes
    except NotFoundError:
        return []
    return [(region, shard_id) for region in regions for shard_id in directory().shard_ids(region)]


def not_watched() -> Collection[str]:
    """Read only when something is asked: it is all monitors."""
    return frozenset(monitor.monitor_id for monitor in directory().monitors() if monitor.paused)


ERRANDS = (restart_escalations, remind_notifications, flip_heartbeats, turn_maintenance, doubt_monitors)
"""Each gives how much was not in order."""


def run_errand(errand: Callable[[datetime], int], now: datetime) -> int:
    try:
        return errand(now)
    except Exception:
        logger.exception("an errand failed", errand=errand.__name__)
        return 1


@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    now = utc_now()
    overdue = sum(run_errand(errand, now) for errand in ERRANDS)
    metrics.add_metric("Overdue", MetricUnit.Count, overdue)
    if not overdue:
        metrics.add_metric("AllClean", MetricUnit.Count, 1)
