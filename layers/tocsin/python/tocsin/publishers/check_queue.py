"""The queue that shards wait in until they are checked: by minute, and one minute of a shard at a time."""

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
        """A shard that is sent twice for the same minute is queued once.

        Raises DeliveryError when the queue does not take all of them; those it took stay in it.
        """
        batches = [due[start : start + LARGEST_BATCH] for start in range(0, len(due), LARGEST_BATCH)]
        refused = [reason for batch in batches for reason in self._send(batch)]
        if refused:
            raise DeliveryError(f"{len(refused)} of {len(due)} shards are not queued: {refused[0]}", permanent=False)

    def give_back(self, receipt_handle: str) -> None:
        """What was taken may be taken again at once, instead of after the queue's visibility timeout."""
        sqs().change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=0)

    def _send(self, batch: Sequence[ShardDue]) -> list[str]:
        answer = sqs().send_message_batch(
            QueueUrl=self._url,
            Entries=[
                {
                    "Id": str(number),
                    "MessageBody": each.model_dump_json(),
                    "MessageGroupId": each.shard_id,
                    "MessageDeduplicationId": f"{each.shard_id}-{each.minute:%Y-%m-%dT%H:%M}",
                }
                for number, each in enumerate(batch)
            ],
        )
        return [f"{batch[int(failed['Id'])].shard_id}: {failed['Code']}" for failed in answer.get("Failed", ())]
