"""A minute begins: each of the region's shards is due.

What is heavy to import, boto3 above all, waits for its first use: a minute that is told late is checked late.
"""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from tocsin.domain.check_plan import MinuteBegan, ShardDue
from tocsin.settings import ScheduleChecksSettings

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from tocsin.publishers.check_queue import CheckQueue
    from tocsin.stores.directory import DirectoryStore


@cache
def logger() -> "Logger":
    from aws_lambda_powertools import Logger

    return Logger()


@cache
def settings() -> ScheduleChecksSettings:
    return ScheduleChecksSettings.from_environment()


@cache
def directory() -> "DirectoryStore":
    from tocsin.stores.directory import DirectoryStore

    return DirectoryStore(settings().directory_table, settings().home_region)


@cache
def queue() -> "CheckQueue":
    from tocsin.publishers.check_queue import CheckQueue

    return CheckQueue(settings().check_queue_url)


def handler(event: dict[str, Any], context: "LambdaContext") -> None:
    region, minute = os.environ["AWS_REGION"], MinuteBegan.model_validate(event).scheduled_at
    due = [
        ShardDue(region=region, shard_id=shard_id, minute=minute, fingerprint=fingerprint)
        for shard_id, fingerprint in sorted(directory().fingerprints(region).items())
    ]
    queue().send(due)
    logger().info("shards are due", region=region, minute=minute, shards=len(due))
