"""Up-time: what is not known is not counted, and no outage is rounded away."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOON, after
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.span import Span, without
from tocsin.domain.up_time import StateBegan, UpTime, outages, shown, up_time

HOUR = timedelta(hours=1)


def history(*began: tuple[float, str | None]) -> list[StateBegan]:
    return [StateBegan(after(hours=hours), MonitorState(state) if state else None) for hours, state in began]


def hours(begin: float, end: float) -> Span:
    return Span(after(hours=begin), after(hours=end))


@pytest.mark.parametrize(
    ("began", "excluded", "found"),
    [
        pytest.param([], [], UpTime(), id="never checked"),
        pytest.param([(-5, "up")], [], UpTime(10 * HOUR), id="up all the time, and before"),
        pytest.param([(4, "up")], [], UpTime(6 * HOUR), id="known since a while"),
        pytest.param([(-5, "up"), (2, "down"), (3, "up")], [], UpTime(10 * HOUR, HOUR), id="one outage"),
        pytest.param([(-5, "down"), (1, "up")], [], UpTime(10 * HOUR, HOUR), id="an outage that began before"),
        pytest.param([(0, "up"), (9, "down")], [], UpTime(10 * HOUR, HOUR), id="an outage that goes on"),
        pytest.param([(0, "up"), (2, None), (4, "up")], [], UpTime(8 * HOUR), id="unknown time does not count"),
        pytest.param([(0, "up"), (2, "degraded"), (4, "up")], [], UpTime(10 * HOUR), id="degraded is up"),
        pytest.param(
            [(0, "up"), (2, "down"), (5, "up")],
            [hours(3, 4), hours(3.5, 4)],
            UpTime(9 * HOUR, 2 * HOUR),
            id="maintenance is left out, once",
        ),
        pytest.param([(0, "up"), (2, "down")], [hours(-1, 11)], UpTime(), id="all of it maintenance"),
    ],
)
def test_up_time_over_ten_hours(began: list[tuple[float, str | None]], excluded: list[Span], found: UpTime) -> None:
    assert up_time(history(*began), NOON, after(hours=10), excluded) == found


def test_an_outage_that_was_confirmed_late_counts_from_its_first_failure() -> None:
    told = history((0, "up"), (2, "down"), (1, "degraded"))

    assert up_time(told, NOON, after(hours=3)) == UpTime(3 * HOUR, HOUR)


def test_outages_that_were_and_one_that_goes_on() -> None:
    told = history((-1, "down"), (1, "up"), (2, "degraded"), (3, "down"))

    assert outages(told, NOON, after(hours=9)) == [hours(0, 1), hours(3, 9)]


def test_charts_and_up_time_agree_about_an_outage_that_was_confirmed_late() -> None:
    told = history((0, "up"), (2, "down"), (1, "degraded"))

    assert outages(told, NOON, after(hours=3)) == [hours(2, 3)]


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (None, "—"),
        (1, "100 %"),
        (0.99999, "99.99 %"),
        (0.9999, "99.99 %"),
        (0.99949, "99.94 %"),
        (0.5, "50.00 %"),
        (0, "0.00 %"),
    ],
)
def test_a_share_as_it_is_shown(share: float | None, text: str) -> None:
    assert shown(share) == text


SPANS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: hours(min(pair), max(pair)))


@given(span=SPANS, others=st.lists(SPANS, max_size=6))
def test_what_is_left_of_a_span_is_what_no_other_covers(span: Span, others: list[Span]) -> None:
    left = list(without(span, others))

    for hour in range(50):
        middle = after(hours=hour + 0.5)
        covered = any(other.start <= middle < other.end for other in others)
        wanted = span.start <= middle < span.end and not covered
        assert any(piece.start <= middle < piece.end for piece in left) is wanted
    assert sorted(left) == left
