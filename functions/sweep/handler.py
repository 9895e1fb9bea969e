"""Each minute: what is overdue is moved on. Timers are hints; what is stored as due is the truth."""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.doubts import questions, remembered, to_ask, unusual, waiting
from tocsin.domain.escalation import Escalation
from tocsin.domain.notification import Notification, remind, requested
from tocsin.domain.record import Record
from tocsin.domain.region_view import RegionView
from tocsin.errors import ConflictError, NotFoundError
from tocsin.settings import SweepSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.doubts import DoubtStore
from tocsin.stores.executions import Executions
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.items import Stored
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.region_views import RegionViews

R = TypeVar("R", bound=Record)

GRACE = timedelta(seconds=30)
"""How late a timer may be before it is taken to be lost."""

AT_ONCE = 10
"""Reads in flight: as many as boto3 keeps connections."""

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
def doubts() -> DoubtStore:
    return DoubtStore(settings().monitoring_table)


def restart_escalations(now: datetime) -> int:
    return move_on(incidents().overdue_escalations(now - GRACE), restart, now)


def remind_notifications(now: datetime) -> int:
    return move_on(incidents().overdue_notifications(now), ask_again, now)


def move_on(overdue: Iterable[Stored[R]], move: Callable[[R, datetime], None], now: datetime) -> int:
    """How many were overdue. One that cannot be read or moved holds up no other, and is overdue again next minute."""
    found = 0
    for stored in overdue:
        found += 1
        try:
            move(stored.read(), now)
        except Exception:
            logger.exception("could not be moved on", **stored.key._asdict())
    return found


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


def doubt_monitors(now: datetime) -> int:
    """Has those judged again of which something may not hold any more. How many nobody knows anything of."""
    before, said = doubts().get(), unusual(all_views(), now)
    asking = to_ask(before, said, now)
    left_alone = not_watched() if asking else frozenset[str]()
    after = remembered(before, said, asking, left_alone, now)
    held = waiting((stored.read() for stored in statuses().due(now)), now)
    events = questions(held | asking, left_alone, now)
    doubts().save(after if after != before else None, events)
    if events:
        logger.info("doubted", monitors={event.monitor_id: event.reason for event in events})
    return after.unknown


def all_views() -> list[RegionView]:
    try:
        regions = directory().regions().probes
    except NotFoundError:
        return []
    shards = [(region, shard_id) for region in regions for shard_id in directory().shard_ids(region)]
    with ThreadPoolExecutor(AT_ONCE) as readers:
        return list(readers.map(lambda shard: views().get(*shard), shards))


def not_watched() -> Collection[str]:
    """Read only when something is asked: it is all monitors."""
    return frozenset(monitor.monitor_id for monitor in directory().monitors() if monitor.paused)


@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    now = utc_now()
    overdue = restart_escalations(now) + remind_notifications(now)
    metrics.add_metric("Overdue", MetricUnit.Count, overdue)
    metrics.add_metric("UnknownMonitors", MetricUnit.Count, doubt_monitors(now))
    if not overdue:
        metrics.add_metric("AllClean", MetricUnit.Count, 1)
