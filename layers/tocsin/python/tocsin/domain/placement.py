"""Which shard of a region checks a monitor."""

from tocsin.domain.record import Record


class Placement(Record):
    monitor_id: str
    region: str
    shard_id: str


class ShardList(Record):
    """The fingerprint of each of a region's shards, by id: one small item, so that nobody reads shards to know them."""

    region: str
    fingerprints: dict[str, str]


class Revision(Record):
    """How often the directory was written, and every region that may have shards."""

    version: int = 0
    regions: tuple[str, ...] = ()
