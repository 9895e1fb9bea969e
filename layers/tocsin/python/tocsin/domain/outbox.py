"""An event on its way to the bus, saved in the transaction that caused it."""

from typing import Self

from tocsin.domain.events import SOURCE
from tocsin.domain.record import Event, Record


class OutboxEntry(Record):
    """`detail` is the event as JSON."""

    detail_type: str
    detail: str
    source: str = SOURCE

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(detail_type=type(event).__name__, detail=event.model_dump_json())
