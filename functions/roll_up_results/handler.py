"""Each hour: what the minutes of the hours and days that are over come to, for as long as minutes are not kept."""

from datetime import datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.result_summary import DAY, HOUR, spans_due, summarize
from tocsin.errors import TocsinError
from tocsin.settings import RollUpResultsSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.result_series import ResultSeries

logger = Logger()


@cache
def settings() -> RollUpResultsSettings:
    return RollUpResultsSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def series() -> ResultSeries:
    return ResultSeries(settings().monitoring_table)


def roll_up(region: str, shard_id: str, now: datetime) -> None:
    """All that is due, so an hour in which this did not run is made up for in the next one."""
    oldest = series().oldest_minute(region, shard_id)
    for hour in spans_due(oldest, series().newest_hour(region, shard_id), now, HOUR):
        summaries = summarize(series().minutes(region, [shard_id], hour, hour + HOUR))
        series().save_hour(region, shard_id, hour, summaries)
    for day in spans_due(oldest, series().newest_day(region, shard_id), now, DAY):
        # From the minutes again and not from the hours: percentiles of percentiles are none.
        summaries = summarize(series().minutes(region, [shard_id], day, day + DAY))
        series().save_day(region, shard_id, day, summaries)


def is_rolled_up(region: str, shard_id: str, now: datetime) -> bool:
    """One that fails holds up no other."""
    try:
        roll_up(region, shard_id, now)
    except Exception:
        logger.exception("could not be rolled up", region=region, shard_id=shard_id)
        return False
    return True


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    now = utc_now()
    regions = directory().regions().probes
    shards = [(region, shard_id) for region in regions for shard_id in directory().shard_ids(region)]
    failed = [shard for shard in shards if not is_rolled_up(*shard, now)]
    if failed:
        raise TocsinError(f"{len(failed)} of {len(shards)} shards could not be rolled up: see the log")
    logger.info("rolled up", shards=len(shards))
