"""How `tocsin apply` stores a directory: in transactions that each leave it whole and say what they changed.

Every transaction counts the revision up, so that of two at once one fails; and carries its own event, so that after a
crash everything written has been told, and everything else is still found to differ.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime

from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.checks import Monitor, Shard
from tocsin.domain.directory import Directory
from tocsin.domain.directory_changes import Change, changes
from tocsin.domain.events import DirectoryApplied, HeartbeatRescheduled, MonitorDoubted, MonitorPaused, MonitorRemoved
from tocsin.domain.pause import Pause
from tocsin.domain.placement import Revision
from tocsin.domain.record import Event
from tocsin.domain.sharding import deal
from tocsin.errors import NotFoundError, RefusedError
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
        return self._write(self._entities(directory, now), directory, self._store.pauses().keys(), now)

    def pause(self, pause: Pause) -> None:
        """Takes the monitor out of the shards. Raises NotFoundError, RefusedError when it is paused already, or
        ConflictError as `apply` does.
        """
        directory, paused = self._applied_with(pause.monitor_id)
        already = self._store.pause(pause.monitor_id)
        if already:
            raise RefusedError(f"{pause.monitor_id} is {already.in_words}")
        event = MonitorPaused(occurred_at=pause.at, monitor_id=pause.monitor_id)
        name = f"monitor/{pause.monitor_id}"
        batch = Batch((Write.create(keys.pause(pause.monitor_id), pause),), (name,), (event,))
        self._write([batch], directory, {*paused, pause.monitor_id}, pause.at)

    def resume(self, monitor_id: str, now: datetime) -> Monitor:
        """The monitor as the file has it, which may pause it, too. Raises as `pause` does."""
        directory, paused = self._applied_with(monitor_id)
        if monitor_id not in paused:
            raise RefusedError(_not_paused(directory.monitors[monitor_id]))
        batch = Batch((Write.delete(keys.pause(monitor_id)),), (f"monitor/{monitor_id}",), (_watched(monitor_id, now),))
        self._write([batch], directory, paused - {monitor_id}, now)
        return directory.monitors[monitor_id]

    def _applied_with(self, monitor_id: str) -> tuple[Directory, set[str]]:
        """What was applied, in which the monitor must be, and who is paused."""
        directory = self._store.read_all()
        if directory is None or monitor_id not in directory.monitors:
            raise NotFoundError(f"no monitor {monitor_id!r} has been applied; {_known(directory)}")
        return directory, set(self._store.pauses())

    def _write(
        self, entities: Iterable[Batch], directory: Directory, paused: AbstractSet[str], now: datetime
    ) -> tuple[str, ...]:
        """The entities, then the shards of all that is not paused."""
        revision = self._table.get(keys.revision(), Revision) or Revision()
        regions = tuple(dict.fromkeys((*directory.regions.probes, *revision.regions)))
        batches = list(packed([*entities, *self._shards(directory, regions, paused)]))
        for number, batch in enumerate(batches, start=1):
            last = number == len(batches)
            following = Revision(version=revision.version + 1, regions=directory.regions.probes if last else regions)
            self._save(batch, following, now)
            revision = following
        return tuple(dict.fromkeys(name for batch in batches for name in batch.names))

    def _entities(self, directory: Directory, now: datetime) -> Iterator[Batch]:
        return (_written(change, _told(change, now)) for change in changes(self._store.read_all(), directory))

    def _shards(self, directory: Directory, regions: tuple[str, ...], paused: AbstractSet[str]) -> Iterator[Batch]:
        for region in regions:
            stored, listed = self._store.shards(region), self._store.fingerprints(region)
            yield from region_batches(region, stored, listed, _wanted(region, stored, directory, paused))

    def _save(self, batch: Batch, revision: Revision, now: datetime) -> None:
        counted = Write.replace(keys.revision(), revision, version=revision.version - 1)
        applied = DirectoryApplied(occurred_at=now, changed=batch.names)
        self._table.save([counted, *batch.writes], [applied, *batch.events])


def _written(change: Change, events: tuple[Event, ...]) -> Batch:
    """A monitor that goes takes the pause with it, so that one that comes back is not paused by surprise."""
    key = keys.entity(change.kind, change.entity_id)
    if change.after:
        return Batch((Write.put(key, change.after),), (change.name,), events)
    besides = (Write.delete(keys.pause(change.entity_id)),) if isinstance(change.before, Monitor) else ()
    return Batch((Write.delete(key), *besides), (change.name,), events)


def _told(change: Change, now: datetime) -> tuple[Event, ...]:
    """What is no longer watched is told by itself: whatever it had opened must be closed. So are new times of calls.

    So is what is watched from now on: it may be so again, before any region has noticed that it was not.
    """
    before, after = change.before, change.after
    if isinstance(after, Monitor) and not after.paused and (not isinstance(before, Monitor) or before.paused):
        return (_watched(change.entity_id, now),)
    if not isinstance(before, Monitor):
        return ()
    if not isinstance(after, Monitor):
        return (MonitorRemoved(occurred_at=now, monitor_id=change.entity_id),)
    if after.paused and not before.paused:
        return (MonitorPaused(occurred_at=now, monitor_id=change.entity_id),)
    if isinstance(after.check, HeartbeatCheck) and after.check != before.check:
        return (HeartbeatRescheduled(occurred_at=now, monitor_id=change.entity_id),)
    return ()


def _watched(monitor_id: str, now: datetime) -> MonitorDoubted:
    return MonitorDoubted(occurred_at=now, monitor_id=monitor_id, reason="it is watched from now on")


def _known(directory: Directory | None) -> str:
    names = ", ".join(directory.monitors) if directory else ""
    return f"there are {names}" if names else "there is none yet"


def _not_paused(monitor: Monitor) -> str:
    if monitor.paused:
        return f"{monitor.monitor_id} is paused by the file; take `paused: true` out and apply"
    return f"{monitor.monitor_id} is not paused"


def _wanted(region: str, stored: tuple[Shard, ...], directory: Directory, paused: AbstractSet[str]) -> dict[str, Shard]:
    """The region's shards by id; none where nothing is checked from any more."""
    placed = {monitor.monitor_id: shard.shard_id for shard in stored for monitor in shard.monitors}
    probed = (each for each in directory.monitors.values() if each.is_probed and not each.paused)
    monitors = [each for each in probed if each.monitor_id not in paused and region in directory.regions.probes]
    told = directory.regions
    empty = Shard(
        region=region,
        shard_id="",
        monitors=(),
        allow_private_targets=told.allow_private_targets,
        witnesses=told.witnesses,
    )
    return {
        shard_id: empty.model_copy(update={"shard_id": shard_id, "monitors": dealt})
        for shard_id, dealt in deal(monitors, placed).items()
    }
