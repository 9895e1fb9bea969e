"""A month's usage, from what a few minutes and an hour were seen to use."""

from typing import NamedTuple

from bench.cost.days import REGIONS, Day, Ran
from bench.cost.deployed import Stacks
from bench.cost.real_run import RealRun
from tocsin.cli.cost.estimate import (
    CALL,
    DAYS,
    FAR_CALL,
    GIGABYTE,
    HOURS,
    HOURS_KEPT,
    IDLE_POLLS,
    MINUTE,
    MINUTES,
    MINUTES_KEPT,
    WHOLE_PROCESSOR,
)
from tocsin.cli.cost.prices import Usage, summed

CALL_COMPUTES = 0.002
"""Processor seconds in which boto3 signs, sends and reads: what moto computes in a call is left out."""
AT_ONCE = {"sweep": 10}
"""Calls in flight, of functions that make several."""
MINUTELY = ("schedule_checks", "run_checks", "sweep")


class Measured(NamedTuple):
    """`sent` are the bytes of one check to its target."""

    day: Day
    stacks: Stacks
    run: RealRun
    sent: float


def usage(measured: Measured) -> Usage:
    day = measured.day
    minutely = (_times(_invocations(name, day.ran[name], measured), MINUTES / day.minutes) for name in MINUTELY)
    return summed(
        (*minutely, *_summed_up(measured), _taken_from_queues(measured), _standing(measured), _moved(measured))
    )


def lasts(name: str, ran: Ran, measured: Measured) -> float:
    """Seconds of one invocation. A run computes while it waits, unless it has more to compute than to wait for."""
    part = min(1.0, memory(name, measured) / WHOLE_PROCESSOR)
    computes = (ran.computed + ran.calls * CALL_COMPUTES) / ran.times / part
    calls = ran.calls / ran.times / AT_ONCE.get(name, 1) * _call(name)
    if name != "run_checks":
        return computes + calls
    checks = ran.checks / ran.times * measured.run.computed_by_a_check / part
    return max(measured.run.lasted, checks) + computes + calls


def memory(name: str, measured: Measured) -> float:
    stacks = measured.stacks
    return {**stacks.home.memory, **stacks.probe.memory}[name]


def _call(name: str) -> float:
    """Regions that probe call the home region, and one of them is it."""
    if name not in {"run_checks", "schedule_checks"}:
        return CALL
    return (CALL + (len(REGIONS) - 1) * FAR_CALL) / len(REGIONS)


def _invocations(name: str, ran: Ran, measured: Measured) -> Usage:
    seconds = ran.times * lasts(name, ran, measured)
    lambdas = {"lambda_requests": ran.times, "lambda_gb_seconds": seconds * memory(name, measured)}
    return {**ran.usage, **lambdas, "logs_gb": ran.logged / GIGABYTE}


def _summed_up(measured: Measured) -> tuple[Usage, ...]:
    """By roll_up_results, each hour of each shard and each day of it, which has 24 times as much to read."""
    ran, shards = measured.day.ran["roll_up_results"], measured.day.shards * len(REGIONS)
    seconds = lasts("roll_up_results", ran, measured) * memory("roll_up_results", measured)
    reads, writes = ran.usage["dynamodb_read_units"], ran.usage["dynamodb_write_units"]
    hour = {"dynamodb_read_units": reads, "dynamodb_write_units": writes, "lambda_gb_seconds": seconds}
    whole = {**_times(hour, 24), "dynamodb_write_units": writes}
    alone = {"lambda_requests": HOURS, "logs_gb": HOURS * ran.logged / GIGABYTE, "scheduler_invocations": HOURS}
    return _times(hour, HOURS * shards), _times(whole, DAYS * shards), alone


def _taken_from_queues(measured: Measured) -> Usage:
    """A request takes a message, another deletes it; and polls of what is empty, which cost as much."""
    runs = measured.day.ran["run_checks"].times / measured.day.minutes * MINUTES
    idle = IDLE_POLLS * MINUTES
    return {
        "sqs_fifo_requests": 2 * runs + idle * measured.stacks.probe.polled_fifo_queues * len(REGIONS),
        "sqs_requests": idle * measured.stacks.home.polled_queues,
    }


def _standing(measured: Measured) -> Usage:
    stacks, day = measured.stacks, measured.day
    stored = (
        day.shards * len(REGIONS) * (day.stored * (MINUTES_KEPT / MINUTE) + day.summed * (HOURS_KEPT / (60 * MINUTE)))
    )
    return {
        "alarms": stacks.home.alarms + stacks.probe.alarms * len(REGIONS),
        "metrics": day.metrics,
        "secrets": stacks.home.secrets,
        "dynamodb_stored_gb": stored / GIGABYTE,
        "dynamodb_backed_up_gb": stored / GIGABYTE,
    }


def _moved(measured: Measured) -> Usage:
    """Events of the clock, and bytes: between regions, of which one is home, and to the targets."""
    run, months = measured.day.ran["run_checks"], MINUTES / measured.day.minutes
    far = (len(REGIONS) - 1) / len(REGIONS)
    return {
        "scheduler_invocations": MINUTES * (len(REGIONS) + 1),
        "between_regions_gb": far * run.payload * months / GIGABYTE,
        "to_targets_gb": run.checks * measured.sent * months / GIGABYTE,
    }


def _times(usage: Usage, factor: float) -> dict[str, float]:
    return {unit: units * factor for unit, units in usage.items()}
