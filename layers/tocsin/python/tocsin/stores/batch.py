"""Writes that belong together, packed into as few transactions as DynamoDB allows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tocsin.domain.record import Event
from tocsin.stores.table import Write

MOST_WRITES = 98
"""Of the hundred of a transaction; the revision and the event are the others."""
MOST_BYTES = 3_000_000
"""Of the 4 MB of a transaction."""


@dataclass(frozen=True)
class Batch:
    """`names` are the entities that the writes change, as `monitor/home`; `events` what else is to be told of them."""

    writes: tuple[Write, ...]
    names: tuple[str, ...]
    events: tuple[Event, ...] = ()

    @cached_property
    def size(self) -> int:
        return sum(len(write.record.model_dump_json()) for write in self.writes if write.record)


def packed(batches: Iterable[Batch]) -> Iterator[Batch]:
    """The batches in their order, joined as long as they fit."""
    held: list[Batch] = []
    for batch in batches:
        if held and not _fit([*held, batch]):
            yield _joined(held)
            held = []
        held.append(batch)
    if held:
        yield _joined(held)


def _fit(batches: list[Batch]) -> bool:
    """A transaction may name an item only once."""
    keys = [write.key for batch in batches for write in batch.writes]
    size = sum(batch.size for batch in batches)
    items = len(keys) + sum(len(batch.events) for batch in batches)
    return items <= MOST_WRITES and len(set(keys)) == len(keys) and size <= MOST_BYTES


def _joined(batches: list[Batch]) -> Batch:
    names = dict.fromkeys(name for batch in batches for name in batch.names)
    writes = tuple(write for batch in batches for write in batch.writes)
    return Batch(writes, tuple(names), tuple(event for batch in batches for event in batch.events))
