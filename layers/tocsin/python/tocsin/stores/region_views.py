"""What each region thinks of its shards and what it found, in the `monitoring` table: one read, one write a minute."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator

from tocsin.domain.checks import CheckResult
from tocsin.domain.events import ObservationChanged
from tocsin.domain.monitor import Vote
from tocsin.domain.placement import Placement
from tocsin.domain.record import Instant, Record
from tocsin.domain.region_view import RegionView
from tocsin.stores import keys
from tocsin.stores.packing import pack_monitors, pack_results, unpack_monitors, unpack_results
from tocsin.stores.table import Table, Write

RESULTS_KEPT = timedelta(days=30)

Packed = Annotated[bytes, BeforeValidator(bytes)]
"""boto3 reads bytes as an object of its own, which turns into them."""


class PackedView(Record):
    """`columns` is written as the attribute that it is, for JSON has no bytes."""

    region: str
    shard_id: str
    minute: Instant | None = None
    stamped_at: Instant | None = None
    version: int
    columns: Packed = b""


class PackedResults(Record):
    minute: Instant
    columns: Packed = b""


class RegionViews:
    """`region` is the table's, the home region; None means the one the code runs in."""

    def __init__(self, table_name: str, region: str | None = None) -> None:
        self._table = Table(table_name, region)

    def get(self, region: str, shard_id: str) -> RegionView:
        """A shard that was never checked has an empty view, of version 0."""
        packed = self._table.get(keys.region_view(region, shard_id), PackedView)
        if packed is None:
            return RegionView(region=region, shard_id=shard_id)
        fields = packed.model_dump(exclude={"columns"})
        return RegionView(**fields, monitors=unpack_monitors(packed.columns))

    def votes(self, monitor_id: str, placements: Iterable[Placement]) -> tuple[Vote, ...]:
        """What each region thinks of the monitor; one that has not made up its mind has no vote."""
        views = (self.get(placement.region, placement.shard_id) for placement in placements)
        votes = (_vote(view, monitor_id) for view in views)
        return tuple(vote for vote in votes if vote)

    def save(
        self,
        view: RegionView,
        results: Sequence[CheckResult],
        events: Iterable[ObservationChanged],
        *,
        minute: datetime,
        now: datetime,
    ) -> RegionView:
        """The view, all found in `minute` so far, and the events, in one transaction. Returns the view as stored.

        Raises ConflictError when somebody has saved the view since it was read.
        """
        stored = view.model_copy(update={"version": view.version + 1, "stamped_at": now})
        self._table.save([_view(stored), _results(stored, minute, results)], events)
        return stored

    def results(self, region: str, shard_id: str, minute: datetime) -> list[CheckResult]:
        """What was found in one minute: `timings` has the total only."""
        packed = self._table.get(keys.results(region, shard_id, minute), PackedResults)
        return unpack_results(packed.columns, packed.minute) if packed else []


def _vote(view: RegionView, monitor_id: str) -> Vote | None:
    known = view.monitors.get(monitor_id)
    if known is None or known.state is None or known.since is None or known.checked_at is None:
        return None
    return Vote(
        region=view.region,
        state=known.state,
        since=known.since,
        checked_at=known.checked_at,
        message=known.message,
    )


def _view(stored: RegionView) -> Write:
    record = PackedView(**stored.model_dump(exclude={"monitors"}))
    key = keys.region_view(stored.region, stored.shard_id)
    return Write.replace(key, record, version=stored.version - 1, columns=pack_monitors(stored.monitors))


def _results(view: RegionView, minute: datetime, results: Sequence[CheckResult]) -> Write:
    key = keys.results(view.region, view.shard_id, minute)
    expires_at = int((minute + RESULTS_KEPT).timestamp())
    return Write.put(key, PackedResults(minute=minute), columns=pack_results(results, minute), expires_at=expires_at)
