"""What a file's monitors make Tocsin use in a month on AWS, while all is well.

The figures are those that `python -m bench.run cost` measures, and a test holds them against its counts. Left out, as
it depends on what happens: incidents, pages, readers of the status page, and secrets of monitors.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import ceil
from typing import NamedTuple

from tocsin.cli.cost.prices import Usage, summed
from tocsin.domain.check_plan import SPREAD
from tocsin.domain.checks import Monitor
from tocsin.domain.directory import Directory
from tocsin.domain.sharding import deal

HOURS = 730
MINUTES = 60 * HOURS
DAYS = HOURS / 24
MINUTE = timedelta(minutes=1)
GIGABYTE = 1e9

WHOLE_PROCESSOR = 1.769
"""Gigabytes of a function's memory that come with one."""

RUN_MEMORY = 0.5
MEMORY = 0.5
ROLL_UP_MEMORY = 1.0
"""Gigabytes, of run_checks, of what the clock starts each minute, and of roll_up_results."""

CHECK_COMPUTES = 0.0012
"""Processor seconds: a handshake, its verification, and what is made of the answer."""
RUN_COMPUTES = 0.03
MINUTE_COMPUTES = 0.04
"""Processor seconds of a run besides its checks, and of schedule_checks or sweep."""
TARGET_TAKES = 0.3
CALL, FAR_CALL = 0.01, 0.17
"""Seconds: an answer of a target; a call of DynamoDB in the same region, and in another continent's."""
CALLS_OF_RUN, CALLS_OF_SCHEDULE, CALLS_OF_SWEEP, CALLS_OF_ROLL_UP = 2, 2, 11, 5

STORED, STORED_BY_MONITOR = 570, 4.2
"""Bytes of the item of one shard and minute: in any case, and for each monitor."""
READ_UNIT, WRITE_UNIT = 4096, 1024
SWEEP_READS = 9
"""Units a minute besides the shards."""
ROLL_UP_READS = 3
MINUTES_KEPT = timedelta(days=7)
PERIOD, PERIOD_BY_MONITOR = 300, 5
"""Bytes of the item of one shard and hour or day."""
HOURS_KEPT = timedelta(days=100)

LOGGED_BY_SCHEDULE, LOGGED_BY_RUN, LOGGED_BY_SWEEP = 580, 590, 690
"""Bytes, with Lambda's own lines."""
PAYLOAD, PAYLOAD_BY_MONITOR = 1600, 16
"""Bytes that a run sends to the home region and reads from there."""
SENT_BY_CHECK = 1300
"""Bytes to the target: a TLS handshake, a request, acknowledgements."""

IDLE_POLLS = 15
"""A minute and queue: Lambda keeps five long polls of twenty seconds open, whether there is anything or not."""
HOME_ALARMS, PROBE_ALARMS = 18, 5
HOME_QUEUES = 7
SECRETS = 2
METRICS = 3


class _Shard(NamedTuple):
    """`lasts` is seconds until its last check of a minute begins."""

    monitors: int
    checks_per_minute: float
    lasts: float


class Estimate(NamedTuple):
    """`checks` and `usage` are of a month."""

    monitors: int
    regions: int
    checks: float
    usage: Usage


def estimate(directory: Directory) -> Estimate:
    monitors = [each for each in directory.monitors.values() if each.is_probed and not each.paused]
    regions = len(directory.regions.probes)
    shards = [_shard(found) for found in deal(monitors, {}).values()]
    checks = sum(shard.checks_per_minute for shard in shards) * regions * MINUTES
    return Estimate(len(monitors), regions, checks, summed(_usage(directory, shards, checks)))


def _shard(monitors: Sequence[Monitor]) -> _Shard:
    last = max((MINUTE - each.every).total_seconds() if each.every < MINUTE else 0.0 for each in monitors)
    return _Shard(len(monitors), sum(MINUTE / each.every for each in monitors), last + SPREAD.total_seconds())


def _usage(directory: Directory, shards: Sequence[_Shard], checks: float) -> Iterator[Usage]:
    regions = directory.regions.probes
    for region in regions:
        yield _clock(len(shards))
        for shard in shards:
            yield _run(shard, is_far=region != directory.regions.home)
            yield _kept(shard)
    yield _sweep(shards, len(regions))
    yield _standing(len(regions))
    yield {"to_targets_gb": checks * SENT_BY_CHECK / GIGABYTE}


def _clock(shards: int) -> dict[str, float]:
    """schedule_checks, in one region."""
    lasts = _lasts(MINUTE_COMPUTES / 4, MEMORY, CALL + FAR_CALL)
    return {
        "scheduler_invocations": MINUTES,
        "dynamodb_read_units": MINUTES,
        "sqs_fifo_requests": MINUTES * (ceil(shards / 10) + IDLE_POLLS),
        "logs_gb": MINUTES * LOGGED_BY_SCHEDULE / GIGABYTE,
        **_invoked(MINUTES, lasts, MEMORY),
    }


def _run(shard: _Shard, *, is_far: bool) -> dict[str, float]:
    """One shard in one region. While it waits for the last checks to begin it computes what the first ones need."""
    item = _item(shard)
    computes = RUN_COMPUTES + shard.checks_per_minute * CHECK_COMPUTES
    slower = computes / min(1.0, RUN_MEMORY / WHOLE_PROCESSOR)
    lasts = max(shard.lasts, slower) + TARGET_TAKES + CALLS_OF_RUN * (FAR_CALL if is_far else CALL)
    return {
        "dynamodb_read_units": MINUTES * ceil(item / READ_UNIT),
        "dynamodb_write_units": MINUTES * ceil(item / WRITE_UNIT),
        "sqs_fifo_requests": 2 * MINUTES,
        "logs_gb": MINUTES * LOGGED_BY_RUN / GIGABYTE,
        "between_regions_gb": is_far * MINUTES * (PAYLOAD + PAYLOAD_BY_MONITOR * shard.monitors) / GIGABYTE,
        **_invoked(MINUTES, lasts, RUN_MEMORY),
    }


def _kept(shard: _Shard) -> dict[str, float]:
    """What a shard found, in one region, and its hours and days."""
    item, period = _item(shard), PERIOD + PERIOD_BY_MONITOR * shard.monitors
    stored = item * (MINUTES_KEPT / MINUTE) + period * (HOURS_KEPT / timedelta(hours=1))
    hour, day = (ROLL_UP_READS + ceil(minutes * item / READ_UNIT) for minutes in (60, 24 * 60))
    computes = (HOURS + 24 * DAYS) * 60 * shard.checks_per_minute * 3e-6
    return {
        "dynamodb_read_units": HOURS * hour + DAYS * day,
        "dynamodb_write_units": (HOURS + DAYS) * ceil(period / WRITE_UNIT),
        "dynamodb_stored_gb": stored / GIGABYTE,
        "dynamodb_backed_up_gb": stored / GIGABYTE,
        "lambda_gb_seconds": (HOURS * CALLS_OF_ROLL_UP * CALL + computes) * ROLL_UP_MEMORY,
    }


def _sweep(shards: Sequence[_Shard], regions: int) -> dict[str, float]:
    """With roll_up_results, whose work is counted by shard."""
    views = regions * sum(ceil(_item(shard) / READ_UNIT) for shard in shards)
    lasts = _lasts(MINUTE_COMPUTES, MEMORY, (CALLS_OF_SWEEP + len(shards) * regions / 10) * CALL)
    return {
        "scheduler_invocations": MINUTES + HOURS,
        "dynamodb_read_units": MINUTES * (SWEEP_READS + views),
        "logs_gb": MINUTES * LOGGED_BY_SWEEP / GIGABYTE,
        **_invoked(MINUTES + HOURS, lasts, MEMORY),
    }


def _standing(regions: int) -> dict[str, float]:
    """What is paid for whether it is used or not."""
    return {
        "alarms": HOME_ALARMS + PROBE_ALARMS * regions,
        "metrics": METRICS,
        "secrets": SECRETS,
        "sqs_requests": HOME_QUEUES * IDLE_POLLS * MINUTES,
    }


def _item(shard: _Shard) -> float:
    return STORED + STORED_BY_MONITOR * shard.monitors


def _lasts(computes: float, memory: float, waits: float) -> float:
    return computes / min(1.0, memory / WHOLE_PROCESSOR) + waits


def _invoked(times: float, lasts: float, memory: float) -> dict[str, float]:
    return {"lambda_requests": times, "lambda_gb_seconds": times * lasts * memory}


def rivals(checks: float, monitors: int, regions: int) -> Usage:
    """What does the same elsewhere: a canary's run for each check; a health check looks from everywhere by itself."""
    return {"synthetics_runs": checks, "health_checks_https": monitors if regions else 0}
