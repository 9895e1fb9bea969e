"""A thousand monitors in transactions that DynamoDB takes, none of which leaves a monitor unchecked."""

import pytest

from tests.support.builders import a_monitor
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Monitor, Shard
from tocsin.domain.placement import Placement, ShardList
from tocsin.domain.sharding import deal
from tocsin.stores import keys
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
    at = {monitor.monitor_id: shard.shard_id for shard in stored for monitor in shard.monitors}
    return {key: Shard(region=REGION, shard_id=key, monitors=dealt) for key, dealt in deal(given, at).items()}


def transactions(stored: tuple[Shard, ...], listed: dict[str, str], wanted: dict[str, Shard]) -> list[Batch]:
    return list(packed(region_batches(REGION, stored, listed, wanted)))


def write(items: Items, writes: tuple[Write, ...]) -> None:
    for one in writes:
        if one.record is None:
            items.pop(one.key, None)
        else:
            items[one.key] = one.record


def listed(items: Items) -> dict[str, str]:
    found = items.get(keys.shard_list(REGION))
    return found.fingerprints if isinstance(found, ShardList) else {}


def fingerprints(shards: dict[str, Shard]) -> dict[str, str]:
    return {shard_id: shard.fingerprint for shard_id, shard in shards.items()}


def held(items: Items) -> set[tuple[str, str]]:
    """Monitor and shard, of the shards that are listed and so are checked."""
    return {
        (monitor.monitor_id, shard.shard_id)
        for shard in items.values()
        if isinstance(shard, Shard) and shard.shard_id in listed(items)
        for monitor in shard.monitors
    }


def placed(items: Items) -> dict[str, str]:
    return {place.monitor_id: place.shard_id for place in items.values() if isinstance(place, Placement)}


def assert_whole(items: Items) -> None:
    """Placements say where the shards have their monitors: all of them, and only these."""
    assert held(items) == set(placed(items).items())


def assert_nobody_is_missed(items: Items, staying: set[str]) -> None:
    """On the way: whoever was checked and is to be is in a listed shard, perhaps in two, and placed in one of them."""
    checked, shards = {name for name, _ in held(items)}, [each for each in items.values() if isinstance(each, Shard)]
    everywhere = {(monitor.monitor_id, shard.shard_id) for shard in shards for monitor in shard.monitors}
    assert staying <= checked
    assert staying <= placed(items).keys()
    assert placed(items).items() <= everywhere, "a placement names a shard that has the monitor"


def assert_fits(batch: Batch) -> None:
    """Two more are added: the revision and the event. 4 MB is the limit of a transaction, 400 KB that of an item."""
    named = [one.key for one in batch.writes]
    assert len(named) == len(set(named)) <= 98
    sizes = [len(one.record.model_dump_json()) for one in batch.writes if one.record]
    assert sum(sizes) <= 3_000_000
    assert max(sizes, default=0) <= 400_000


def move(stored: Items, wanted: dict[str, Shard]) -> Items:
    items = dict(stored)
    before = tuple(found for found in items.values() if isinstance(found, Shard))
    goal = {monitor.monitor_id for shard in wanted.values() for monitor in shard.monitors}
    staying = goal & {name for name, _ in held(items)}
    for batch in transactions(before, listed(items), wanted):
        assert_fits(batch)
        write(items, batch.writes)
        assert_nobody_is_missed(items, staying)
    assert_whole(items)
    assert listed(items) == fingerprints(wanted)
    assert {key: found for key, found in items.items() if isinstance(found, Shard)} == {
        keys.shard(REGION, key): shard for key, shard in wanted.items()
    }
    return items


def test_a_thousand_monitors_come_change_and_go() -> None:
    first = shards(monitors(1000))
    grown = shards(monitors(1100, body=1_000), tuple(first.values()))
    few = shards(monitors(300), tuple(grown.values()))

    items = move({}, first)
    items = move(items, grown)
    items = move(items, few)
    items = move(items, {})

    assert [key for key in items if not key.pk.startswith("shard_list")] == []


def the_shard(shard_id: str, *names: str, body: int = 0) -> Shard:
    request = HttpCheck(url="https://acme.example/", body="x" * body or None)
    return Shard(region=REGION, shard_id=shard_id, monitors=tuple(a_monitor(name, check=request) for name in names))


def test_a_monitor_that_moves_is_for_a_moment_in_both_shards() -> None:
    before, after = the_shard("1", "a", "b"), the_shard("2", "b")
    items = move({}, {"1": before})

    joined, listed, left = region_batches(
        REGION, (before,), fingerprints({"1": before}), {"1": the_shard("1", "a"), "2": after}
    )

    write(items, joined.writes)
    write(items, listed.writes)
    assert held(items) == {("a", "1"), ("b", "1"), ("b", "2")}
    assert placed(items) == {"a": "1", "b": "1"}
    write(items, left.writes)
    assert held(items) == {("a", "1"), ("b", "2")}
    assert_whole(items)


def test_whoever_was_stopped_on_the_way_is_brought_to_the_end() -> None:
    wanted = {"1": the_shard("1", "a"), "2": the_shard("2", "b", "c")}
    begun = move({}, {"1": the_shard("1", "a", "b", "c")})
    first, *_ = region_batches(REGION, (the_shard("1", "a", "b", "c"),), listed(begun), wanted)
    write(begun, first.writes)

    move(begun, wanted)


@pytest.mark.parametrize("body", [15_000, 30_000])
def test_a_shard_without_room_for_both_lets_go_first(body: int) -> None:
    """Those who go are joined elsewhere already; those who come have not left yet."""
    large = [f"large-{number:02d}" for number in range(20 * 15_000 // body)]
    before = {"1": the_shard("1", *large, body=body), "2": the_shard("2", "b", body=body)}
    more = [f"more-{number:02d}" for number in range(len(large) // 2)]
    after = {"1": the_shard("1", *large[::2], *more, body=body), "2": the_shard("2", "b", *large[1::2], body=body)}

    items = move({}, before)

    move(items, after)


def test_the_same_shards_need_no_transaction() -> None:
    same = shards(monitors(1000))

    assert transactions(tuple(same.values()), fingerprints(same), same) == []


def test_large_monitors() -> None:
    large = shards(monitors(60, body=16_000))

    items = move({}, large)

    assert len([shard for shard in items.values() if isinstance(shard, Shard)]) == 3
