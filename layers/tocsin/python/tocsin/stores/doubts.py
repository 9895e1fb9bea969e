"""What the sweeper has asked about, in the `monitoring` table: one item for all monitors."""

import json
import zlib
from collections.abc import Sequence

from tocsin.domain.doubts import Doubts
from tocsin.domain.events import MonitorDoubted
from tocsin.domain.record import Record
from tocsin.stores import keys
from tocsin.stores.items import Packed
from tocsin.stores.table import Table, Write

EVENTS_PER_SAVE = 90
"""A transaction has 100 items at most."""


class PackedDoubts(Record):
    """`asked` is written as the attribute that it is, for JSON has no bytes."""

    version: int
    asked: Packed = b""


class DoubtStore:
    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self) -> Doubts:
        packed = self._table.get(keys.doubts(), PackedDoubts)
        if packed is None:
            return Doubts(asked={})
        return Doubts(asked=json.loads(zlib.decompress(packed.asked)), version=packed.version)

    def save(self, doubts: Doubts | None, events: Sequence[MonitorDoubted]) -> None:
        """The events and, if they changed, the doubts. After a failure in between all is asked again.

        Raises ConflictError.
        """
        for first in range(0, len(events), EVENTS_PER_SAVE):
            self._table.save([], events[first : first + EVENTS_PER_SAVE])
        if doubts:
            self._table.save([_write(doubts)])


def _write(doubts: Doubts) -> Write:
    asked = json.dumps({monitor_id: each.model_dump(mode="json") for monitor_id, each in doubts.asked.items()})
    record = PackedDoubts(version=doubts.version + 1)
    return Write.replace(keys.doubts(), record, version=doubts.version, asked=zlib.compress(asked.encode(), level=9))
