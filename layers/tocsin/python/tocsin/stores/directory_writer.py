"""How `tocsin apply` stores a directory: in transactions that each leave it whole and say what they changed.

Every transaction counts the revision up, so that of two at once one fails; and carries its own event, so that after a
crash everything written has been told, and everything else is still found to differ.
"""

from collections.abc import Iterator
from datetime import datetime

from tocsin.domain.checks import Monitor, Shard
from tocsin.domain.directory import Directory
from tocsin.domain.directory_changes import Change, changes
from tocsin.domain.events import DirectoryApplied, MonitorRemoved
from tocsin.domain.placement import Revision
from tocsin.domain.record import Event
from tocsin.domain.sharding import deal
from tocsin.stores import keys
from tocsin.stores.batch import Batch, packed
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.shard_batches import region_batches
from tocsin.stores.table import Table, Write


class DirectoryWriter:
    """`region` is the table's, the home region."""

    def __init__(self, table_name: str, region: str | None = None) -> None:
        self._table = Table(table_name, region)
        self._store = DirectoryStore(table_name, region)

    def apply(self, directory: Directory, now: datetime) -> tuple[str, ...]:
        """Makes the table say what the directory says; the names of what that changed, as `monitor/home`.

        Raises ConflictError when somebody else applies at the same time. What is written by then stays, and applying
        again does the rest.
        """
        revision = self._table.get(keys.revision(), Revision) or Revision()
        regions = tuple(dict.fromkeys((*directory.regions.probes, *revision.regions)))
        batches = list(packed([*self._entities(directory, now), *self._shards(directory, regions)]))
        for number, batch in enumerate(batches, start=1):
            last = number == len(batches)
            following = Revision(version=revision.version + 1, regions=directory.regions.probes if last else regions)
            self._save(batch, following, now)
            revision = following
        return tuple(dict.fromkeys(name for batch in batches for name in batch.names))

    def _entities(self, directory: Directory, now: datetime) -> Iterator[Batch]:
        return (_written(change, _told(change, now)) for change in changes(self._store.read_all(), directory))

    def _shards(self, directory: Directory, regions: tuple[str, ...]) -> Iterator[Batch]:
        for region in regions:
            stored, listed = self._store.shards(region), self._store.fingerprints(region)
            yield from region_batches(region, stored, listed, _wanted(region, stored, directory))

    def _save(self, batch: Batch, revision: Revision, now: datetime) -> None:
        counted = Write.replace(keys.revision(), revision, version=revision.version - 1)
        applied = DirectoryApplied(occurred_at=now, changed=batch.names)
        self._table.save([counted, *batch.writes], [applied, *batch.events])


def _written(change: Change, events: tuple[Event, ...]) -> Batch:
    key = keys.entity(change.kind, change.entity_id)
    return Batch((Write.put(key, change.after) if change.after else Write.delete(key),), (change.name,), events)


def _told(change: Change, now: datetime) -> tuple[Event, ...]:
    """A monitor that goes is told by itself: whatever it had opened must be closed."""
    if change.after or not isinstance(change.before, Monitor):
        return ()
    return (MonitorRemoved(occurred_at=now, monitor_id=change.entity_id),)


def _wanted(region: str, stored: tuple[Shard, ...], directory: Directory) -> dict[str, Shard]:
    """The region's shards by id; none where nothing is checked from any more."""
    placed = {monitor.monitor_id: shard.shard_id for shard in stored for monitor in shard.monitors}
    monitors = directory.monitors.values() if region in directory.regions.probes else ()
    private = directory.regions.allow_private_targets
    return {
        shard_id: Shard(region=region, shard_id=shard_id, monitors=dealt, allow_private_targets=private)
        for shard_id, dealt in deal(monitors, placed).items()
    }
