"""What a transaction left in the outbox goes onto the bus. A refusal raises: the stream gives the batch again."""

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.publishers.bus import EventBus, read_stream
from tocsin.settings import RelayEventsSettings

logger = Logger()


@cache
def bus() -> EventBus:
    return EventBus(RelayEventsSettings.from_environment().event_bus)


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    entries = read_stream(event)
    bus().put(entries)
    logger.info("relayed", events=[entry.detail_type for entry in entries])
