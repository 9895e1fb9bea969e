"""The event bus: what the outbox holds goes onto it."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import boto3

from tocsin.aws import client_config
from tocsin.domain.outbox import OutboxEntry
from tocsin.errors import DeliveryError

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

ENTRIES_PER_CALL = 10


def read_stream(event: dict[str, Any]) -> list[OutboxEntry]:
    """The outbox entries in a DynamoDB stream event. The event source mapping lets only their insertions through."""
    images = (record["dynamodb"]["NewImage"] for record in event["Records"])
    return [
        OutboxEntry(detail_type=image["detail_type"]["S"], detail=image["detail"]["S"], source=image["source"]["S"])
        for image in images
    ]


@cache
def event_bridge() -> "EventBridgeClient":
    return boto3.client("events", config=client_config())


class EventBus:
    def __init__(self, name: str) -> None:
        self._name = name

    def put(self, entries: Iterable[OutboxEntry]) -> None:
        """Raises DeliveryError when the bus refused any; all may then be put again, consumers take duplicates."""
        for chunk in _chunks(entries):
            answer = event_bridge().put_events(
                Entries=[
                    {
                        "EventBusName": self._name,
                        "Source": entry.source,
                        "DetailType": entry.detail_type,
                        "Detail": entry.detail,
                    }
                    for entry in chunk
                ]
            )
            if answer["FailedEntryCount"]:
                reasons = {entry["ErrorCode"] for entry in answer["Entries"] if "ErrorCode" in entry}
                raise DeliveryError(f"the bus refused {answer['FailedEntryCount']} events: {reasons}", permanent=False)


def _chunks(entries: Iterable[OutboxEntry]) -> Iterator[list[OutboxEntry]]:
    remaining = iter(entries)
    while chunk := list(islice(remaining, ENTRIES_PER_CALL)):
        yield chunk
