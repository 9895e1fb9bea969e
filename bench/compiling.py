"""How long compiling monitors into shards, and these into transactions, takes: `python -m bench.compiling`."""

import time
from collections.abc import Iterator

from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Monitor, Shard
from tocsin.domain.sharding import deal
from tocsin.stores.batch import packed
from tocsin.stores.shard_batches import region_batches

REGION = "eu-west-1"
COUNTS = (100, 1_000, 10_000)
GOAL = 1.0
"""Seconds of processor time, for ten thousand monitors in one region."""


def monitors(count: int) -> list[Monitor]:
    return [
        Monitor(
            monitor_id=f"monitor-{number:05d}", service_id="web", check=HttpCheck(url=f"https://acme.example/{number}")
        )
        for number in range(count)
    ]


def compiled(given: list[Monitor]) -> int:
    """How many transactions it takes from nothing."""
    shards = {
        shard_id: Shard(region=REGION, shard_id=shard_id, monitors=dealt) for shard_id, dealt in deal(given, {}).items()
    }
    return sum(1 for _ in packed(region_batches(REGION, (), {}, shards)))


def rows() -> Iterator[tuple[int, int, float]]:
    compiled(monitors(1))
    for count in COUNTS:
        given, began = monitors(count), time.process_time()
        yield count, compiled(given), time.process_time() - began


if __name__ == "__main__":
    for count, transactions, seconds in rows():
        print(f"{count:>6} monitors: {transactions:>4} transactions, {seconds:.3f} s of processor time")
    print(f"goal: {COUNTS[-1]} monitors within {GOAL:g} s")
