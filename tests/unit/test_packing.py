"""Views and results as columns: everything comes back, and a quiet minute stays small."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOON, after
from tests.support.checks import down, inconclusive, up
from tocsin.domain.checks import CheckResult, CheckState, Failure
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import MonitorView
from tocsin.domain.timings import Timings
from tocsin.stores.packing import pack_monitors, pack_results, unpack_monitors, unpack_results

NAMES = st.text(min_size=1, max_size=40)
INSTANTS = st.integers(0, 4_000_000_000_000).map(
    lambda ms: datetime.fromtimestamp(ms // 1000, UTC) + timedelta(milliseconds=ms % 1000)
)

VIEWS = st.builds(
    MonitorView,
    state=st.none() | st.sampled_from(MonitorState),
    since=st.none() | INSTANTS,
    checked_at=st.none() | INSTANTS,
    streak=st.integers(0, 10),
    turning_since=st.none() | INSTANTS,
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


@given(st.dictionaries(NAMES, VIEWS))
def test_views_come_back_as_they_were(monitors: dict[str, MonitorView]) -> None:
    assert unpack_monitors(pack_monitors(monitors)) == monitors


@given(st.lists(RESULTS))
def test_results_come_back_in_order(results: list[CheckResult]) -> None:
    in_order = sorted(results, key=lambda result: (result.monitor_id, result.checked_at))

    assert unpack_results(pack_results(results, NOON), NOON) == in_order


def test_results_keep_tenths_of_seconds_and_whole_milliseconds() -> None:
    result = up(3.456, timings=Timings(lookup=1.2, connect=3.4, first_byte=5.6, total=7.8))

    assert unpack_results(pack_results([result], NOON), NOON) == [up(3.4, timings=Timings(total=8))]


def test_failures_are_kept_word_for_word() -> None:
    results = [down(1, message='Status 503 instead of "200"'), inconclusive(2)]

    assert unpack_results(pack_results(results, NOON), NOON) == results


def test_a_quiet_minute_of_250_monitors_is_small() -> None:
    chance = random.Random(1)  # noqa: S311
    parts = ["api", "web", "shop", "checkout", "login", "cart", "search", "images", "billing", "auth", "eu", "us"]
    ids = [f"{chance.choice(parts)}-{chance.choice(parts)}-{number}" for number in range(250)]
    began = [after(seconds=-chance.uniform(0, 1e6)).replace(microsecond=0) for _ in ids]
    seconds = [round(chance.uniform(0, 4), 3) for _ in ids]
    views = {
        name: MonitorView(state=MonitorState.UP, since=since, checked_at=after(seconds=at))
        for name, since, at in zip(ids, began, seconds, strict=True)
    }
    results = [
        up(at, name, timings=Timings(total=chance.lognormvariate(5, 0.5)))
        for name, at in zip(ids, seconds, strict=True)
    ]

    assert len(pack_monitors(views)) < 3500
    assert len(pack_results(results, NOON)) < 2000
