"""What results come to, and which hours and days are due."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOON, after
from tocsin.domain.checks import CheckState
from tocsin.domain.result_summary import DAY, HOUR, Reading, Summary, nearest_rank, spans_due, summarize

UP, DEGRADED, DOWN, INCONCLUSIVE = CheckState.UP, CheckState.DEGRADED, CheckState.DOWN, CheckState.INCONCLUSIVE


def read(state: CheckState, total: int | None = None, monitor_id: str = "shop") -> Reading:
    return Reading(monitor_id, NOON, state, total)


def test_every_state_is_counted_and_only_answers_are_measured() -> None:
    readings = [read(UP, 10), read(UP, 20), read(DEGRADED, 900), read(DOWN, 10_000), read(INCONCLUSIVE), read(UP)]

    summaries = summarize([*readings, read(DOWN, 5, "db")])

    assert summaries == {
        "shop": Summary(up=3, degraded=1, down=1, inconclusive=1, p50=20, p95=900, p99=900),
        "db": Summary(down=1),
    }
    assert summaries["shop"].checks == 6


@pytest.mark.parametrize(
    ("count", "percent", "found"),
    [
        pytest.param(0, 50, None, id="of nothing"),
        pytest.param(1, 99, 1, id="of one"),
        pytest.param(2, 50, 1, id="the lower of two"),
        pytest.param(20, 95, 19, id="exactly on one"),
        pytest.param(21, 95, 20, id="between two: the larger"),
        pytest.param(60, 99, 60, id="of an hour"),
        pytest.param(1440, 99, 1426, id="of a day"),
    ],
)
def test_a_percentile_is_a_value_that_occurred(count: int, percent: int, found: int | None) -> None:
    assert nearest_rank(range(1, count + 1), percent) == found


@given(st.lists(st.integers(0, 10_000), min_size=1), st.integers(1, 100))
def test_no_smaller_value_would_do(totals: list[int], percent: int) -> None:
    found = nearest_rank(sorted(totals), percent)

    assert found in totals
    assert 100 * sum(total <= found for total in totals) >= percent * len(totals)
    assert 100 * sum(total < found for total in totals) < percent * len(totals)


MIDNIGHT = after(hours=-12)


@pytest.mark.parametrize(
    ("oldest", "newest", "now", "due"),
    [
        pytest.param(None, None, NOON, [], id="nothing was ever checked"),
        pytest.param(after(minutes=-90), None, NOON, [after(hours=-2)], id="the last one may not be complete yet"),
        pytest.param(
            after(minutes=-90), None, after(minutes=5), [after(hours=-2), after(hours=-1)], id="the first ones"
        ),
        pytest.param(after(days=-7), after(hours=-1), after(minutes=7), [], id="all is done"),
        pytest.param(
            after(days=-7), after(hours=-3), after(minutes=7), [after(hours=-2), after(hours=-1)], id="one was missed"
        ),
        pytest.param(after(hours=-1), after(days=-9), after(minutes=7), [after(hours=-1)], id="what is gone is gone"),
    ],
)
def test_hours_are_due_once_they_are_over(
    oldest: datetime | None, newest: datetime | None, now: datetime, due: list[datetime]
) -> None:
    assert list(spans_due(oldest, newest, now, HOUR)) == due


def test_days_are_due_once_they_are_over() -> None:
    assert list(spans_due(after(days=-2), None, NOON, DAY)) == [after(days=-2, hours=-12), after(days=-1, hours=-12)]
    assert list(spans_due(after(days=-2), after(days=-1, hours=-12), NOON, DAY)) == []
    assert list(spans_due(NOON, None, MIDNIGHT + 1.01 * DAY, DAY)) == [MIDNIGHT]
