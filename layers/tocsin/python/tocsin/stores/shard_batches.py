"""From the shards that are stored to those that should be, never leaving a monitor unchecked on the way.

A monitor that moves joins its new shard before it leaves the old one. In between both check it, which is harmless; its
placement changes as it leaves, so that it always names a shard that has the monitor.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from tocsin.domain.checks import Monitor, Shard
from tocsin.domain.placement import Placement, ShardList
from tocsin.domain.sharding import size
from tocsin.stores import keys
from tocsin.stores.batch import Batch
from tocsin.stores.table import Write

MOVES = 90
"""Monitors that join or leave a shard in one transaction."""
MOST_BYTES_ON_THE_WAY = 390_000
"""Of a shard that has those who join it as well as those who will leave: DynamoDB takes 400 KB."""


def region_batches(
    region: str, stored: tuple[Shard, ...], listed: Mapping[str, str], wanted: Mapping[str, Shard]
) -> Iterator[Batch]:
    """What is to be written, in an order in which a listed shard always exists.

    `listed` are the fingerprints in the region's list, `wanted` the shards, both by id. The list says what is wanted
    before anybody leaves: who remembers a shard as it was checks all of it until then, and nobody remembers it as it is
    on the way, for its fingerprint is not yet that of the list. A shard without room for both those who come
    and those who go lets go first: only monitors that move between two of these are in no shard for a moment.
    """
    moving = _Region(region, {shard.shard_id: shard for shard in stored}, wanted)
    roomy = [shard_id for shard_id in wanted if moving.has_room(shard_id)]
    tight = [shard_id for shard_id in wanted if shard_id not in roomy]
    for shard_id in roomy:
        yield from moving.join(shard_id)
    for shard_id in tight:
        yield from moving.leave(shard_id)
        yield from moving.join(shard_id)
    fingerprints = {shard_id: shard.fingerprint for shard_id, shard in wanted.items()}
    if fingerprints != listed:
        shard_list = ShardList(region=region, fingerprints=fingerprints)
        names = () if fingerprints.keys() == listed.keys() else (f"shards/{region}",)
        yield Batch((Write.put(keys.shard_list(region), shard_list),), names)
    for shard_id in (*roomy, *(shard.shard_id for shard in stored if shard.shard_id not in wanted)):
        yield from moving.leave(shard_id)


class _Region:
    """The shards of one region while monitors move between them."""

    def __init__(self, name: str, stored: Mapping[str, Shard], wanted: Mapping[str, Shard]) -> None:
        self._name = name
        self._stored = dict(stored)
        self._wanted = {shard_id: _emptied(shard) for shard_id, shard in stored.items()} | dict(wanted)
        self._held = {shard_id: _by_id(stored[shard_id]) if shard_id in stored else {} for shard_id in self._wanted}
        self._goal = {shard_id: _by_id(shard) for shard_id, shard in self._wanted.items()}
        self._home = {monitor_id: shard_id for shard_id, held in self._goal.items() for monitor_id in held}
        self._holders = Counter(monitor_id for held in self._held.values() for monitor_id in held)

    def has_room(self, shard_id: str) -> bool:
        held, goal = self._held[shard_id], self._goal[shard_id]
        joining = [monitor for monitor_id, monitor in goal.items() if monitor_id not in held]
        if not held or not joining:
            return True
        return sum(map(size, (*held.values(), *joining))) <= MOST_BYTES_ON_THE_WAY

    def join(self, shard_id: str) -> Iterator[Batch]:
        """Those who come; who stays is as before."""
        held, goal = self._held[shard_id], self._goal[shard_id]
        for joining in _chunks(goal.keys() - held.keys()):
            held |= {monitor_id: goal[monitor_id] for monitor_id in joining}
            new = [monitor_id for monitor_id in joining if not self._holders[monitor_id]]
            self._holders.update(joining)
            yield self._batch(shard_id, joining, [self._placed(monitor_id) for monitor_id in new])

    def leave(self, shard_id: str) -> Iterator[Batch]:
        """Those who go; then who stays is as wanted."""
        held, goal = self._held[shard_id], self._goal[shard_id]
        for leaving in _chunks(held.keys() - goal.keys()):
            for monitor_id in leaving:
                del held[monitor_id]
            self._holders.subtract(leaving)
            yield self._batch(shard_id, leaving, [self._placed(monitor_id) for monitor_id in leaving])
        changed = sorted(monitor_id for monitor_id in held if held[monitor_id] != goal[monitor_id])
        if changed or self._is_told_otherwise(shard_id):
            held |= {monitor_id: goal[monitor_id] for monitor_id in changed}
            yield self._batch(shard_id, changed, [])

    def _is_told_otherwise(self, shard_id: str) -> bool:
        """What is said of the shard as a whole has changed."""
        stored = self._stored.get(shard_id)
        return stored is not None and _emptied(stored) != _emptied(self._wanted[shard_id])

    def _batch(self, shard_id: str, names: Iterable[str], placements: list[Write]) -> Batch:
        shard, held = self._wanted[shard_id], self._held[shard_id]
        key = keys.shard(shard.region, shard_id)
        monitors = tuple(held[monitor_id] for monitor_id in sorted(held))
        stored = Write.put(key, shard.model_copy(update={"monitors": monitors})) if monitors else Write.delete(key)
        changed = tuple(f"monitor/{monitor_id}" for monitor_id in names)
        return Batch((stored, *placements), changed or (f"shards/{shard.region}",))

    def _placed(self, monitor_id: str) -> Write:
        """It is where it belongs, or nowhere."""
        home = self._home.get(monitor_id)
        key = keys.placement(monitor_id, self._name)
        if home is None or monitor_id not in self._held[home]:
            return Write.delete(key)
        return Write.put(key, Placement(monitor_id=monitor_id, region=self._name, shard_id=home))


def _emptied(shard: Shard) -> Shard:
    return shard.model_copy(update={"monitors": ()})


def _by_id(shard: Shard) -> dict[str, Monitor]:
    return {monitor.monitor_id: monitor for monitor in shard.monitors}


def _chunks(monitor_ids: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(monitor_ids)
    return (ordered[first : first + MOVES] for first in range(0, len(ordered), MOVES))
