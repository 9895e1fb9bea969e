"""From the shards that are stored to those that should be. A monitor and its placement move in one transaction."""

from collections.abc import Iterator, Mapping

from tocsin.domain.checks import Monitor, Shard
from tocsin.domain.placement import Placement, ShardList
from tocsin.stores import keys
from tocsin.stores.batch import Batch
from tocsin.stores.table import Write

MOVES = 90
"""Monitors that join or leave a shard in one transaction."""


def region_batches(
    region: str, stored: tuple[Shard, ...], listed: tuple[str, ...], wanted: Mapping[str, Shard]
) -> Iterator[Batch]:
    """What is to be written, in an order in which a listed shard always exists.

    `listed` are the ids in the region's list, `wanted` the shards by id.
    """
    before = {shard.shard_id: shard for shard in stored}
    staying = {monitor.monitor_id for shard in wanted.values() for monitor in shard.monitors}
    for shard_id, shard in wanted.items():
        yield from _moved(before.get(shard_id) or _emptied(shard), shard, staying)
    if tuple(wanted) != listed:
        shard_list = ShardList(region=region, shard_ids=tuple(wanted))
        yield Batch((Write.put(keys.shard_list(region), shard_list),), (f"shards/{region}",))
    for shard_id in before.keys() - wanted.keys():
        yield from _moved(before[shard_id], _emptied(before[shard_id]), staying)


def _emptied(shard: Shard) -> Shard:
    return shard.model_copy(update={"monitors": ()})


def _moved(before: Shard, after: Shard, staying: set[str]) -> Iterator[Batch]:
    """First those that leave, then those that join. Who stays somewhere else in the region keeps that placement."""
    if before == after:
        return
    old, new = _by_id(before), _by_id(after)
    moves = [*(old.keys() - new.keys()), *(new.keys() - old.keys())]
    held = {monitor_id: new.get(monitor_id, monitor) for monitor_id, monitor in old.items()}
    changed = [monitor_id for monitor_id, monitor in held.items() if monitor != old[monitor_id]]
    for first in range(0, len(moves) or 1, MOVES):
        moving = sorted(moves[first : first + MOVES])
        held = _after(held, moving, new)
        placements = [
            _placed(after, monitor_id, new)
            for monitor_id in moving
            if monitor_id in new.keys() | (old.keys() - staying)
        ]
        names = [f"monitor/{monitor_id}" for monitor_id in (*changed, *moving)]
        yield Batch((_stored(after, held), *placements), tuple(names) or (f"shards/{after.region}",))


def _by_id(shard: Shard) -> dict[str, Monitor]:
    return {monitor.monitor_id: monitor for monitor in shard.monitors}


def _after(held: dict[str, Monitor], moving: list[str], new: dict[str, Monitor]) -> dict[str, Monitor]:
    joining = {monitor_id: new[monitor_id] for monitor_id in moving if monitor_id in new}
    return {monitor_id: monitor for monitor_id, monitor in held.items() if monitor_id not in moving} | joining


def _stored(shard: Shard, held: dict[str, Monitor]) -> Write:
    key = keys.shard(shard.region, shard.shard_id)
    monitors = tuple(held[monitor_id] for monitor_id in sorted(held))
    return Write.put(key, shard.model_copy(update={"monitors": monitors})) if monitors else Write.delete(key)


def _placed(shard: Shard, monitor_id: str, new: dict[str, Monitor]) -> Write:
    key = keys.placement(monitor_id, shard.region)
    if monitor_id not in new:
        return Write.delete(key)
    return Write.put(key, Placement(monitor_id=monitor_id, region=shard.region, shard_id=shard.shard_id))
