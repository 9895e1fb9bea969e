"""What each region found in its shards and what it thinks of them, in the `monitoring` table.

A shard's minute is one item: its results, and the view after them. So a run reads the newest and writes one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tocsin.domain.checks import CheckResult
from tocsin.domain.events import ObservationChanged
from tocsin.domain.placement import Placement
from tocsin.domain.record import Instant, Record
from tocsin.domain.region_view import RegionView
from tocsin.domain.votes import Vote, vote_in
from tocsin.stores import keys
from tocsin.stores.items import Packed
from tocsin.stores.packing import pack_minute, unpack_monitors, unpack_results
from tocsin.stores.table import Table, Write
from tocsin.stores.together import read_together

MINUTES_KEPT = timedelta(days=7)
"""What is older is told by the hours and days into which it was rolled up."""


class ShardMinute(Record):
    """`columns` is written as the attribute that it is, for JSON has no bytes."""

    region: str
    shard_id: str
    minute: Instant
    stamped_at: Instant
    version: int
    columns: Packed = b""


class RegionViews:
    """`region` is the table's, the home region; None means the one the code runs in."""

    def __init__(self, table_name: str, region: str | None = None) -> None:
        self._table = Table(table_name, region)

    def get(self, region: str, shard_id: str) -> RegionView:
        """As of the newest minute. A shard that was never checked has an empty view, of version 0."""
        partition = keys.shard_minutes(region, shard_id)
        for newest in self._table.query(partition, ShardMinute, newest_first=True, limit=1):
            fields = newest.model_dump(exclude={"columns"})
            return RegionView(**fields, monitors=unpack_monitors(newest.columns))
        return RegionView(region=region, shard_id=shard_id)

    def all(self, shards: Iterable[tuple[str, str]]) -> list[RegionView]:
        """Of these regions and shards, many at once."""
        return list(read_together(lambda shard: self.get(*shard), shards).values())

    def votes(self, monitor_id: str, placements: Iterable[Placement]) -> tuple[Vote, ...]:
        """What each region thinks of the monitor; one that has not made up its mind has no vote."""
        views = (self.get(placement.region, placement.shard_id) for placement in placements)
        votes = (vote_in(view, monitor_id) for view in views)
        return tuple(vote for vote in votes if vote)

    def save(
        self,
        view: RegionView,
        results: Sequence[CheckResult],
        events: Sequence[ObservationChanged],
        *,
        minute: datetime,
        now: datetime,
    ) -> RegionView:
        """The view, all found in `minute` so far, and the events, all or nothing. Returns the view as stored.

        Raises ConflictError when somebody has saved this minute since the view was read.
        """
        version = view.version if view.minute == minute else 0
        stored = view.model_copy(update={"minute": minute, "version": version + 1, "stamped_at": now})
        write = _minute(stored, minute, now, results)
        if events:
            self._table.save([write], events)
        else:
            self._table.put(write)
        return stored

    def results(self, region: str, shard_id: str, minute: datetime) -> list[CheckResult]:
        """What was found in one minute: `timings` has the total only."""
        packed = self._table.get(keys.shard_minute(region, shard_id, minute), ShardMinute)
        return unpack_results(packed.columns) if packed else []


def _minute(stored: RegionView, minute: datetime, now: datetime, results: Sequence[CheckResult]) -> Write:
    """`version` counts the saves of this minute."""
    record = ShardMinute(
        region=stored.region, shard_id=stored.shard_id, minute=minute, stamped_at=now, version=stored.version
    )
    key = keys.shard_minute(stored.region, stored.shard_id, minute)
    columns = pack_minute(stored.monitors, results)
    expires_at = int((minute + MINUTES_KEPT).timestamp())
    return Write.replace(key, record, version=stored.version - 1, columns=columns, expires_at=expires_at)
