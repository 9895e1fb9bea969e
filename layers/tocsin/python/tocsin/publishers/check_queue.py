"""The queue that shards wait in until they are checked."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import boto3

from tocsin.aws import client_config
from tocsin.domain.check_plan import ShardDue
from tocsin.errors import DeliveryError

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

LARGEST_BATCH = 10
"""SQS takes no more at once."""


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=client_config())


class CheckQueue:
    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, due: Sequence[ShardDue]) -> None:
        """Raises DeliveryError when the queue does not take all of them; those it took stay in it."""
        batches = [due[start : start + LARGEST_BATCH] for start in range(0, len(due), LARGEST_BATCH)]
        refused = [reason for batch in batches for reason in self._send(batch)]
        if refused:
            raise DeliveryError(f"{len(refused)} of {len(due)} shards are not queued: {refused[0]}", permanent=False)

    def _send(self, batch: Sequence[ShardDue]) -> list[str]:
        answer = sqs().send_message_batch(
            QueueUrl=self._url,
            Entries=[{"Id": str(number), "MessageBody": each.model_dump_json()} for number, each in enumerate(batch)],
        )
        return [f"{batch[int(failed['Id'])].shard_id}: {failed['Code']}" for failed in answer.get("Failed", ())]
