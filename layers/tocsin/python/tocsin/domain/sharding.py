"""Monitors dealt out to shards: what one invocation in one region checks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from math import ceil
from typing import NamedTuple

from tocsin.domain.checks import Monitor

MINUTE = timedelta(minutes=1)
MOST_MONITORS = 250
MOST_BYTES = 350_000
"""As JSON, which is never shorter than the item: DynamoDB takes 400 KB."""


def deal(monitors: Iterable[Monitor], placed: Mapping[str, str]) -> dict[str, tuple[Monitor, ...]]:
    """The monitors of each shard, by shard id, in the order of their ids.

    `placed` is from monitor id to shard id: who is placed stays, as long as the shard can hold them. The others go
    where there is least to do. Monitors that are checked several times a minute have shards of their own: a run with
    one of them lasts all of its minute, and is paid for. Shards that are left empty are not in the answer.
    """
    ordered = sorted(monitors, key=lambda monitor: monitor.monitor_id)
    weighed = [_Weighed(monitor, size(monitor)) for monitor in ordered]
    shards = _placed(weighed, placed)
    newcomers = [each for each in weighed if not _stays(each, placed, shards)]
    for lasting in (False, True):
        alike = [each for each in weighed if each.is_lasting is lasting]
        there = sum(shard.is_lasting is lasting for shard in shards.values())
        _open(shards, ceil(len(alike) / MOST_MONITORS) - there, lasting)
        _spread([each for each in newcomers if each.is_lasting is lasting], shards, lasting)
    return {shard_id: shard.dealt() for shard_id, shard in sorted(shards.items()) if shard.monitors}


class _Weighed(NamedTuple):
    """Once, for weighing takes longer than dealing."""

    monitor: Monitor
    bytes: int

    @property
    def is_lasting(self) -> bool:
        """Whether a run with it lasts all of its minute."""
        return self.monitor.every < MINUTE


@dataclass(order=True)
class _Shard:
    """Ordered by how much there is to do."""

    checks_per_minute: float = 0
    shard_id: str = ""
    is_lasting: bool = field(default=False, compare=False)
    bytes: int = field(default=0, compare=False)
    monitors: list[Monitor] = field(default_factory=list, compare=False)

    def takes(self, weighed: _Weighed) -> bool:
        return not self.is_full() and (not self.monitors or self.bytes + weighed.bytes <= MOST_BYTES)

    def is_full(self) -> bool:
        return len(self.monitors) >= MOST_MONITORS

    def add(self, weighed: _Weighed) -> None:
        self.monitors.append(weighed.monitor)
        self.bytes += weighed.bytes
        self.checks_per_minute += MINUTE / weighed.monitor.every

    def dealt(self) -> tuple[Monitor, ...]:
        return tuple(sorted(self.monitors, key=lambda monitor: monitor.monitor_id))


def _placed(weighed: Iterable[_Weighed], placed: Mapping[str, str]) -> dict[str, _Shard]:
    """The shards there are, still empty. One that holds both sorts is left to those that are checked less often."""
    of_sorts: dict[str, bool] = {}
    for each in weighed:
        shard_id = placed.get(each.monitor.monitor_id)
        if shard_id is not None:
            of_sorts[shard_id] = of_sorts.get(shard_id, True) and each.is_lasting
    return {shard_id: _Shard(shard_id=shard_id, is_lasting=lasting) for shard_id, lasting in of_sorts.items()}


def _stays(weighed: _Weighed, placed: Mapping[str, str], shards: dict[str, _Shard]) -> bool:
    shard_id = placed.get(weighed.monitor.monitor_id)
    if shard_id is None:
        return False
    shard = shards[shard_id]
    if shard.is_lasting is not weighed.is_lasting or not shard.takes(weighed):
        return False
    shard.add(weighed)
    return True


def _open(shards: dict[str, _Shard], more: int, lasting: bool) -> list[_Shard]:
    """New shards under the lowest numbers that are free."""
    free = _free_ids(shards)
    opened = [_Shard(shard_id=next(free), is_lasting=lasting) for _ in range(more)]
    shards.update({shard.shard_id: shard for shard in opened})
    return opened


def _free_ids(shards: dict[str, _Shard]) -> Iterator[str]:
    taken = frozenset(shards)
    return (shard_id for number in count(1) if (shard_id := f"{number:04d}") not in taken)


def _spread(newcomers: list[_Weighed], shards: dict[str, _Shard], lasting: bool) -> None:
    """The busiest first, each to the shard with least to do. All are of one sort."""
    queue = [shard for shard in shards.values() if shard.is_lasting is lasting and not shard.is_full()]
    heapify(queue)
    for weighed in sorted(newcomers, key=lambda each: (each.monitor.every, each.monitor.monitor_id)):
        shard = _least_busy(queue, weighed) or _open(shards, 1, lasting)[0]
        shard.add(weighed)
        if not shard.is_full():
            heappush(queue, shard)


def _least_busy(queue: list[_Shard], weighed: _Weighed) -> _Shard | None:
    """Taken out of the queue. Shards that have no room for this one may have some for a smaller one."""
    passed_over: list[_Shard] = []
    found = None
    while queue and found is None:
        shard = heappop(queue)
        if shard.takes(weighed):
            found = shard
        else:
            passed_over.append(shard)
    for shard in passed_over:
        heappush(queue, shard)
    return found


def size(monitor: Monitor) -> int:
    """In bytes, as JSON."""
    return len(monitor.model_dump_json().encode())
