"""Each minute: what is overdue is moved on. Timers are hints; what is stored as due is the truth."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.escalation import Escalation
from tocsin.domain.notification import Notification, remind, requested
from tocsin.domain.record import Record
from tocsin.errors import ConflictError
from tocsin.settings import SweepSettings
from tocsin.stores.executions import Executions
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.items import Stored

R = TypeVar("R", bound=Record)

GRACE = timedelta(seconds=30)
"""How late a timer may be before it is taken to be lost."""

logger = Logger()
metrics = Metrics(namespace="Tocsin", service="sweep")


@cache
def incidents() -> IncidentStore:
    return IncidentStore(SweepSettings.from_environment().incidents_table)


@cache
def executions() -> Executions:
    return Executions(SweepSettings.from_environment().state_machine_arn)


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


@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    now = utc_now()
    overdue = restart_escalations(now) + remind_notifications(now)
    metrics.add_metric("Overdue", MetricUnit.Count, overdue)
    if not overdue:
        metrics.add_metric("AllClean", MetricUnit.Count, 1)
