"""Monitors stay where they are, gaps are filled, and the work is spread."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import a_monitor
from tocsin.domain import sharding
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.sharding import MOST_BYTES, MOST_MONITORS, deal


def monitors(count: int, **fields: object) -> list[Monitor]:
    return [a_monitor(f"monitor-{number:05d}", **fields) for number in range(count)]


def placed(dealt: dict[str, tuple[Monitor, ...]]) -> dict[str, str]:
    return {monitor.monitor_id: shard_id for shard_id, held in dealt.items() for monitor in held}


def sizes(dealt: dict[str, tuple[Monitor, ...]]) -> dict[str, int]:
    return {shard_id: len(held) for shard_id, held in dealt.items()}


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        pytest.param(0, {}, id="nothing to check"),
        pytest.param(1, {"0001": 1}, id="one"),
        pytest.param(250, {"0001": 250}, id="as many as one shard takes"),
        pytest.param(251, {"0001": 126, "0002": 125}, id="one more"),
        pytest.param(1000, {"0001": 250, "0002": 250, "0003": 250, "0004": 250}, id="a thousand"),
    ],
)
def test_no_more_shards_than_needed_all_alike(count: int, expected: dict[str, int]) -> None:
    assert sizes(deal(monitors(count), {})) == expected


def test_a_monitor_stays_where_it_is() -> None:
    before = deal(monitors(251), {})

    after = deal([*monitors(251), a_monitor("a-new-one")], placed(before))

    assert placed(after).items() >= placed(before).items()
    assert sizes(after) == {"0001": 126, "0002": 126}


def test_gaps_are_filled_before_a_shard_is_opened() -> None:
    full = deal(monitors(500), {})
    left = {monitor_id: shard_id for monitor_id, shard_id in placed(full).items() if monitor_id != "monitor-00007"}

    after = deal([*(m for m in monitors(500) if m.monitor_id in left), a_monitor("a-new-one")], left)

    assert sizes(after) == {"0001": 250, "0002": 250}
    assert placed(after)["a-new-one"] == placed(full)["monitor-00007"]


def test_a_shard_without_monitors_is_gone_and_its_number_free() -> None:
    before = deal(monitors(500), {})
    left = {monitor_id: shard_id for monitor_id, shard_id in placed(before).items() if shard_id == "0002"}
    staying = [monitor for monitor in monitors(500) if monitor.monitor_id in left]

    without = deal(staying, left)
    again = deal([*staying, a_monitor("a-new-one")], left)

    assert sizes(without) == {"0002": 250}
    assert placed(again)["a-new-one"] == "0001"


def test_the_work_is_spread_by_checks_per_minute() -> None:
    rare = [a_monitor(f"rare-{number:03d}", every=timedelta(minutes=5)) for number in range(200)]

    dealt = deal([*rare, *monitors(100)], {})

    work = {shard: sum(timedelta(minutes=1) / monitor.every for monitor in held) for shard, held in dealt.items()}
    assert work == {"0001": pytest.approx(70), "0002": pytest.approx(70)}


def often(count: int) -> list[Monitor]:
    return [a_monitor(f"often-{number:03d}", every=timedelta(seconds=10)) for number in range(count)]


def test_what_is_checked_several_times_a_minute_has_a_shard_of_its_own() -> None:
    """A run with one of them lasts all of its minute: in every shard they would make every run last."""
    assert sizes(deal([*often(3), *monitors(260)], {})) == {"0001": 130, "0002": 130, "0003": 3}


def test_who_shared_a_shard_with_those_is_not_moved() -> None:
    mixed = {monitor.monitor_id: "0001" for monitor in [*often(2), *monitors(3)]}

    dealt = deal([*often(2), *monitors(3)], mixed)

    assert sizes(dealt) == {"0001": 3, "0002": 2}
    assert deal([*often(2), *monitors(3)], placed(dealt)) == dealt


def test_a_monitor_that_is_checked_more_often_from_now_on_moves() -> None:
    before = deal(monitors(3), {})
    sooner = [*monitors(2), a_monitor("monitor-00002", every=timedelta(seconds=30))]

    assert sizes(deal(sooner, placed(before))) == {"0001": 2, "0002": 1}


def test_a_shard_stays_below_the_limit_of_an_item() -> None:
    large = monitors(60, check=HttpCheck(url="https://acme.example/", body="x" * 16_000))

    dealt = deal(large, {})

    assert len(dealt) == 3
    assert all(sum(len(monitor.model_dump_json()) for monitor in held) <= MOST_BYTES for held in dealt.values())


def test_monitors_that_grew_move_on() -> None:
    before = deal(monitors(60), {})
    grown = monitors(60, check=HttpCheck(url="https://acme.example/", body="x" * 16_000))

    after = deal(grown, placed(before))

    assert all(sum(len(monitor.model_dump_json()) for monitor in held) <= MOST_BYTES for held in after.values())
    assert sum(sizes(after).values()) == 60


def test_a_full_shard_takes_a_small_one_where_a_large_one_has_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharding, "MOST_BYTES", 3_000)
    large = [a_monitor(f"large-{n}", check=HttpCheck(url="https://a.example/", body="x" * 2_000)) for n in range(2)]

    dealt = deal([*large, a_monitor("small")], {})

    assert sorted(sizes(dealt).values()) == [1, 2]


names = st.integers(0, 40).map(lambda number: f"m{number}")
intervals = st.sampled_from([10, 30, 60, 300]).map(lambda seconds: timedelta(seconds=seconds))
sets = st.dictionaries(names, intervals).map(
    lambda given: [a_monitor(name, every=every) for name, every in given.items()]
)
places = st.dictionaries(names, st.sampled_from(["0001", "0002", "0007"]))


@given(sets, places)
def test_every_monitor_is_in_one_shard_and_dealing_again_moves_nobody(
    given_monitors: list[Monitor], at: dict[str, str]
) -> None:
    once = deal(given_monitors, at)
    again = deal(reversed(given_monitors), placed(once))

    assert sorted(monitor.monitor_id for held in once.values() for monitor in held) == sorted(
        monitor.monitor_id for monitor in given_monitors
    )
    assert again == once
    assert all(0 < len(held) <= MOST_MONITORS for held in once.values())


def test_nobody_leaves_a_shard_that_has_room() -> None:
    at = {f"monitor-{number:05d}": "0007" for number in range(10)}

    assert placed(deal(monitors(10), at)) == at


def test_ten_thousand_monitors_are_weighed_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[str] = []

    def size(monitor: Monitor) -> int:
        weighed.append(monitor.monitor_id)
        return 300

    monkeypatch.setattr(sharding, "size", size)

    dealt = deal(monitors(10_000), {})

    assert set(sizes(dealt).values()) == {250}
    assert len(weighed) == len(set(weighed)) == 10_000
