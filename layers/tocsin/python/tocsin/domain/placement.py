"""Which shard of a region checks a monitor."""

from tocsin.domain.record import Record


class Placement(Record):
    monitor_id: str
    region: str
    shard_id: str


class ShardList(Record):
    """The ids of a region's shards: one small item, so that nobody reads the shards to count them."""

    region: str
    shard_ids: tuple[str, ...]


class Revision(Record):
    """How often the directory was written, and every region that may have shards."""

    version: int = 0
    regions: tuple[str, ...] = ()
