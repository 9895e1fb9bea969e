"""Shards change when somebody applies a file, and are needed each minute: one that is known is not read again."""

from collections.abc import Callable

from tocsin.domain.check_plan import ShardDue
from tocsin.domain.checks import Shard


class ShardMemory:
    """`read` is given a region and the id of a shard, and raises NotFoundError."""

    def __init__(self, read: Callable[[str, str], Shard]) -> None:
        self._read = read
        self._known: dict[str, tuple[str, Shard]] = {}

    def get(self, due: ShardDue) -> Shard:
        """One that is found to differ from what was asked for is about to change, and so is not remembered."""
        fingerprint, shard = self._known.get(due.shard_id, (None, None))
        if shard is None or fingerprint != due.fingerprint:
            shard = self._read(due.region, due.shard_id)
            if shard.fingerprint == due.fingerprint:
                self._known[due.shard_id] = (due.fingerprint, shard)
        return shard
