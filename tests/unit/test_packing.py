"""Views and results as columns: everything comes back, and a quiet minute stays small."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOON, after
from tests.support.checks import down, inconclusive, up
from tocsin.domain.checks import CheckResult, CheckState, Failure
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import MonitorView
from tocsin.domain.result_summary import Reading, Summary, summarize
from tocsin.domain.timings import Timings
from tocsin.stores import columns
from tocsin.stores.packing import (
    pack_minute,
    pack_summaries,
    unpack_monitors,
    unpack_readings,
    unpack_results,
    unpack_summaries,
)

NAMES = st.text(min_size=1, max_size=40)
INSTANTS = st.integers(0, 4_000_000_000_000).map(
    lambda ms: datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)
)

VIEWS = st.builds(
    MonitorView,
    state=st.none() | st.sampled_from(MonitorState),
    since=st.none() | INSTANTS,
    checked_at=st.none() | INSTANTS,
    recent=st.text("+~-", max_size=20),
    turning_since=st.none() | INSTANTS,
    run_since=st.none() | INSTANTS,
    flapping=st.booleans(),
    every=st.integers(500, 86_400_000).map(lambda ms: timedelta(milliseconds=ms)),
    message=st.text(max_size=200),
)

RESULTS = st.builds(
    CheckResult,
    monitor_id=NAMES,
    checked_at=st.integers(0, 900).map(lambda tenths: NOON + tenths * timedelta(milliseconds=100)),
    state=st.sampled_from(CheckState),
    failures=st.lists(st.builds(Failure, expect=st.sampled_from(["status", "body"]), message=st.text())).map(tuple),
    status=st.none() | st.integers(100, 599),
    timings=st.builds(Timings, total=st.none() | st.integers(0, 90_000)),
)


MINUTES = st.tuples(st.dictionaries(NAMES, VIEWS), st.lists(RESULTS))


@given(MINUTES)
def test_a_minute_comes_back_as_it_was(minute: tuple[dict[str, MonitorView], list[CheckResult]]) -> None:
    monitors, results = minute

    packed = pack_minute(monitors, results)

    in_order = sorted(results, key=lambda result: (result.monitor_id, result.checked_at))
    assert unpack_monitors(packed) == monitors
    assert unpack_results(packed) == in_order
    assert [tuple(reading) for reading in unpack_readings(packed)] == [
        (each.monitor_id, each.checked_at, each.state, each.timings.total) for each in in_order
    ]


@given(st.lists(RESULTS.filter(lambda result: result.state is not CheckState.INCONCLUSIVE)))
def test_the_newest_vote_is_that_of_the_newest_result(results: list[CheckResult]) -> None:
    ordered = sorted(results, key=lambda result: result.checked_at)
    monitors = {each.monitor_id: MonitorView(since=NOON, checked_at=each.checked_at) for each in ordered}

    assert unpack_monitors(pack_minute(monitors, results)) == monitors


def test_of_the_timings_the_total_is_kept_in_whole_milliseconds() -> None:
    result = up(3.456, timings=Timings(lookup=1.2, connect=3.4, first_byte=5.6, total=7.8))

    assert unpack_results(pack_minute({}, [result])) == [up(3.456, timings=Timings(total=8))]


def test_failures_are_kept_word_for_word() -> None:
    results = [down(1, message='Status 503 instead of "200"'), inconclusive(2)]

    assert unpack_results(pack_minute({}, results)) == results


def test_a_shard_that_fails_in_many_words_still_fits_into_an_item() -> None:
    """An item has 400 KB at most: a minute that cannot be saved would make the whole shard unknown."""
    chance = random.Random(1)  # noqa: S311 -- no secret
    said = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=1000)) for _ in range(250)]
    views = {f"m-{n}": MonitorView(state=MonitorState.DOWN, since=NOON, message=words) for n, words in enumerate(said)}
    results = [down(10 * turn, f"m-{n}", message=words) for n, words in enumerate(said) for turn in range(6)]

    packed = pack_minute(views, results)

    assert len(packed) < 350_000
    assert [view.message for view in unpack_monitors(packed).values()] == [
        views[name].message for name in sorted(views)
    ]
    assert {reading.state for reading in unpack_readings(packed)} == {CheckState.DOWN}


def a_healthy_minute(every_minutes: int = 1) -> bytes:
    chance = random.Random(1)  # noqa: S311
    parts = ["api", "web", "shop", "checkout", "login", "cart", "search", "images", "billing", "auth", "eu", "us"]
    ids = [f"{chance.choice(parts)}-{chance.choice(parts)}-{number}" for number in range(250)]
    began = [after(seconds=-round(chance.uniform(1e5, 1e6), 3)) for _ in ids]
    at = [round(chance.uniform(0, 4) - 60 * (number % every_minutes), 3) for number in range(250)]
    views = {
        name: MonitorView(state=MonitorState.UP, since=since, checked_at=after(seconds=checked))
        for name, since, checked in zip(ids, began, at, strict=True)
    }
    found = [
        up(checked, name, timings=Timings(total=chance.lognormvariate(5, 0.5)))
        for name, checked in zip(ids, at, strict=True)
        if checked >= 0
    ]
    return pack_minute(views, found)


@pytest.mark.parametrize("every_minutes", [1, 5])
def test_a_healthy_minute_of_250_monitors_takes_less_than_3_kb(every_minutes: int) -> None:
    """With 200 bytes for the keys and whatever else the item says."""
    assert len(a_healthy_minute(every_minutes)) < 3 * 1024 - 200


SUMMARIES = st.builds(
    Summary,
    *(st.integers(0, 8640) for _ in range(4)),
    *(st.none() | st.integers(0, 90_000) for _ in range(3)),
)


@given(st.dictionaries(NAMES, SUMMARIES))
def test_summaries_come_back_as_they_were(summaries: dict[str, Summary]) -> None:
    assert unpack_summaries(pack_summaries(summaries)) == summaries


def test_an_hour_of_250_monitors_takes_less_than_3_kb() -> None:
    chance = random.Random(1)  # noqa: S311
    totals = [[round(chance.lognormvariate(5, 0.5)) for _ in range(60)] for _ in range(250)]
    readings = [Reading(f"api-eu-{n}", NOON, CheckState.UP, total) for n in range(250) for total in totals[n]]

    assert len(pack_summaries(summarize(readings))) < 3 * 1024 - 200


@given(st.lists(st.none() | st.integers(-(2**40), 2**40)))
def test_columns_of_numbers_come_back(numbers: list[int | None]) -> None:
    assert columns.unpack(columns.pack({"a": 1}, {"n": numbers, "m": numbers[:1]})) == (
        {"a": 1},
        {"n": numbers, "m": numbers[:1]},
    )


def test_a_value_that_is_much_larger_widens_no_other() -> None:
    usual = columns.pack({}, {"n": [100] * 999 + [163]})

    assert len(columns.pack({}, {"n": [100] * 999 + [10**12]})) < len(usual) + 20
