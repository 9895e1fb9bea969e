"""A thousand monitors in transactions that DynamoDB takes, each of which leaves every monitor with its placement."""

from tests.support.builders import a_monitor
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Monitor, Shard
from tocsin.domain.placement import Placement
from tocsin.domain.sharding import deal
from tocsin.stores.batch import Batch, packed
from tocsin.stores.keys import Key
from tocsin.stores.shard_batches import region_batches
from tocsin.stores.table import Write

REGION = "eu-west-1"
Items = dict[Key, object]


def monitors(count: int, body: int = 0) -> list[Monitor]:
    request = HttpCheck(url="https://acme.example/", body="x" * body or None)
    return [a_monitor(f"monitor-{number:05d}", check=request) for number in range(count)]


def shards(given: list[Monitor], stored: tuple[Shard, ...] = ()) -> dict[str, Shard]:
    placed = {monitor.monitor_id: shard.shard_id for shard in stored for monitor in shard.monitors}
    return {key: Shard(region=REGION, shard_id=key, monitors=held) for key, held in deal(given, placed).items()}


def transactions(stored: tuple[Shard, ...], wanted: dict[str, Shard]) -> list[Batch]:
    listed = tuple(shard.shard_id for shard in stored)
    return list(packed(region_batches(REGION, stored, listed, wanted)))


def write(items: Items, writes: tuple[Write, ...]) -> None:
    for one in writes:
        if one.record is None:
            del items[one.key]
        else:
            items[one.key] = one.record


def assert_whole(items: Items) -> None:
    """Placements say where the shards have their monitors: all of them, and only these."""
    held = {
        (monitor.monitor_id, shard.shard_id)
        for shard in items.values()
        if isinstance(shard, Shard)
        for monitor in shard.monitors
    }
    placed = {(place.monitor_id, place.shard_id) for place in items.values() if isinstance(place, Placement)}
    assert placed == held


def assert_fits(batch: Batch) -> None:
    """Two more are added: the revision and the event. 4 MB is the limit of a transaction, 400 KB that of an item."""
    keys = [one.key for one in batch.writes]
    assert len(keys) == len(set(keys)) <= 98
    sizes = [len(one.record.model_dump_json()) for one in batch.writes if one.record]
    assert sum(sizes) <= 3_000_000
    assert max(sizes, default=0) <= 400_000


def move(stored: Items, before: dict[str, Shard], wanted: dict[str, Shard]) -> Items:
    items = dict(stored)
    for batch in transactions(tuple(before.values()), wanted):
        assert_fits(batch)
        write(items, batch.writes)
        assert_whole(items)
    return items


def test_a_thousand_monitors_come_change_and_go() -> None:
    first = shards(monitors(1000))
    grown = shards(monitors(1100, body=1_000), tuple(first.values()))
    few = shards(monitors(300), tuple(grown.values()))

    items = move({}, {}, first)
    items = move(items, first, grown)
    items = move(items, grown, few)
    items = move(items, few, {})

    assert [key for key in items if not key.pk.startswith("shard_list")] == []


def test_the_same_shards_need_no_transaction() -> None:
    same = shards(monitors(1000))

    assert transactions(tuple(same.values()), same) == []


def test_large_monitors() -> None:
    large = shards(monitors(60, body=16_000))

    items = move({}, {}, large)

    assert len([shard for shard in items.values() if isinstance(shard, Shard)]) == 3
