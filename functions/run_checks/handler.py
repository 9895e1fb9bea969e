"""A shard is due: check its monitors for one minute, and save what the region now thinks of them.

What is heavy to import, boto3 above all, waits for its first use: a run that starts late pages late.
"""

import os
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from tocsin.clock import utc_now
from tocsin.domain.check_plan import PlannedCheck, ShardDue, ends_by, is_outdated, overrun, planned_checks, recheck
from tocsin.domain.checks import CheckResult, Monitor
from tocsin.domain.secret_names import secret_names
from tocsin.domain.shard_run import ShardRun
from tocsin.domain.targets import TargetRules
from tocsin.domain.witnesses import Suspicion, weigh, witnesses
from tocsin.errors import ConflictError, NotFoundError
from tocsin.probes.agenda import Agenda
from tocsin.settings import RunChecksSettings
from tocsin.stores.retry import retry_lost_races

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from tocsin.probes.prober import Ended, Prober
    from tocsin.publishers.check_queue import CheckQueue
    from tocsin.stores.monitor_secrets import MonitorSecrets
    from tocsin.stores.region_views import RegionViews
    from tocsin.stores.shard_memory import ShardMemory

EVENTS_PER_SAVE = 90
"""A transaction has 100 items at most, and an event goes out in the one that changes the view."""


@cache
def logger() -> "Logger":
    from aws_lambda_powertools import Logger

    return Logger()


@cache
def settings() -> RunChecksSettings:
    return RunChecksSettings.from_environment()


@cache
def shards() -> "ShardMemory":
    from tocsin.stores.directory import DirectoryStore
    from tocsin.stores.shard_memory import ShardMemory

    return ShardMemory(DirectoryStore(settings().directory_table, settings().home_region).shard)


@cache
def views() -> "RegionViews":
    from tocsin.stores.region_views import RegionViews

    return RegionViews(settings().monitoring_table, settings().home_region)


@cache
def prober() -> "Prober":
    from tocsin.probes.prober import Prober

    return Prober(secrets=secret)


@cache
def secrets() -> "MonitorSecrets":
    from tocsin.stores.monitor_secrets import MonitorSecrets

    return MonitorSecrets(settings().home_region)


def secret(name: str) -> str:
    return secrets()(name)


@cache
def queue() -> "CheckQueue":
    from tocsin.publishers.check_queue import CheckQueue

    return CheckQueue(settings().check_queue_url)


def run_checks(due: ShardDue, now: datetime) -> None:
    try:
        shard = shards().get(due)
    except NotFoundError:
        logger().info("dropped: this shard was removed", shard_id=due.shard_id, minute=due.minute)
        return
    view = views().get(due.region, due.shard_id)
    if is_outdated(due, view, now):
        logger().info("dropped: this minute has passed", shard_id=due.shard_id, minute=due.minute)
        return
    rules = TargetRules.protecting(os.environ.get("AWS_LAMBDA_RUNTIME_API"), allow_private=shard.allow_private_targets)
    asked = witnesses(shard.witnesses, os.environ.get("AWS_ENDPOINT_URL"))
    run = check(ShardRun.of(due, shard, view), asked, rules, now)
    run = save(run) if run.has_unsaved else run
    logger().info(
        "checked", shard_id=due.shard_id, minute=due.minute, checks=len(run.results), superseded=run.superseded
    )


def check(run: ShardRun, asked: tuple[Monitor, ...], rules: TargetRules, now: datetime) -> ShardRun:
    """Whatever changes the region's mind is saved at once, the rest together at the end."""
    if names := set(secret_names(tuple(run.monitors.values()))):
        secrets().load(names, now)
    planned = planned_checks(run.monitors.values(), run.due.minute, now)
    agenda, to_check = Agenda(planned), len({check.monitor.monitor_id for check in planned})
    suspicion = Suspicion({witness.monitor_id: witness for witness in asked}, to_check)
    with closing(prober().run(agenda, now=now, until=ends_by(run.due.minute, now), rules=rules)) as batches:
        for batch in batches:
            run, suspicion = observe(run, suspicion, batch, agenda)
            if run.superseded:
                break
    if suspicion.was_blind:
        tell("BlindRegion", 1)
    return run


def observe(run: ShardRun, suspicion: Suspicion, batch: "list[Ended]", agenda: Agenda) -> tuple[ShardRun, Suspicion]:
    for check, result in batch:
        run, suspicion = weigh(run, suspicion, result)
        for follow_up in (*suspicion.to_ask(result), *rechecks(check, result, run, suspicion)):
            agenda.add(follow_up)
        if len(run.events) >= EVENTS_PER_SAVE:
            run = save(run)
    return save(run) if run.events else run, suspicion


def rechecks(check: PlannedCheck, result: CheckResult, run: ShardRun, suspicion: Suspicion) -> tuple[PlannedCheck, ...]:
    again = None if result.monitor_id in suspicion.witnesses else recheck(check, result, run.view)
    return (again,) if again else ()


@retry_lost_races
def save(run: ShardRun) -> ShardRun:
    """A copy of a run that was taken for dead gives up: this minute is somebody else's."""
    try:
        return store(run)
    except ConflictError:
        if run.is_overtaken_by(views().get(run.due.region, run.due.shard_id)):
            return run.given_up()
        raise


def store(run: ShardRun) -> ShardRun:
    at = max(result.checked_at for result in run.results)
    return run.saved(views().save(run.view, run.results, run.events, minute=run.due.minute, now=at))


def tell_overrun(record: dict[str, Any], now: datetime) -> None:
    """`SentTimestamp` is when the shard became due, and its successor does a minute later."""
    late = overrun(datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC), now)
    if late:
        tell("Overrun", late.total_seconds())


def tell(metric: str, value: float) -> None:
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name=metric, unit=MetricUnit.NoUnit, value=value, namespace="Tocsin") as told:
        told.add_dimension("service", "run_checks")


def handler(event: dict[str, Any], context: "LambdaContext") -> None:
    for record in event["Records"]:
        try:
            run_checks(ShardDue.model_validate_json(record["body"]), utc_now())
        except Exception:
            # The shard's next minute waits behind this one, which would stay hidden for as long as a run may take.
            queue().give_back(record["receiptHandle"])
            raise
        tell_overrun(record, utc_now())
