"""What checks found over time, in steps."""

from datetime import timedelta

import pytest

from tests.support.builders import NOON, after
from tocsin.domain.checks import CheckState
from tocsin.domain.response_chart import Point
from tocsin.domain.result_summary import Reading, Summary, floor
from tocsin.domain.series import Step, points, step_for, steps
from tocsin.domain.span import Span

TEN = timedelta(minutes=10)


def reading(minutes: float, took: int | None = 100, state: CheckState = CheckState.UP) -> Reading:
    return Reading("shop", after(minutes=minutes), state, took)


@pytest.mark.parametrize(
    ("length", "step"),
    [
        pytest.param({"hours": 1}, {"minutes": 1}, id="an hour"),
        pytest.param({"hours": 24}, {"minutes": 10}, id="a day"),
        pytest.param({"days": 2}, {"minutes": 30}, id="two days"),
        pytest.param({"days": 7}, {"hours": 1}, id="a week"),
        pytest.param({"days": 14}, {"hours": 1}, id="two weeks"),
        pytest.param({"days": 90}, {"days": 1}, id="a quarter"),
    ],
)
def test_steps_are_few_enough_to_be_looked_at(length: dict[str, float], step: dict[str, float]) -> None:
    assert step_for(timedelta(**length)) == timedelta(**step)


def test_readings_in_steps() -> None:
    found = steps([reading(1, 100), reading(9, 300), reading(21, None, CheckState.DOWN)], NOON, TEN)

    assert found == [
        Step(NOON, Summary(up=2, p50=100, p95=300, p99=300)),
        Step(after(minutes=20), Summary(down=1)),
    ]


def test_a_step_without_checks_is_a_gap() -> None:
    series = steps([reading(1), reading(21)], NOON, TEN)

    assert points(series, Span(NOON, after(minutes=30)), TEN) == [
        Point(after(minutes=5), 100, 100),
        Point(after(minutes=15), None, None),
        Point(after(minutes=25), 100, 100),
    ]


def test_steps_are_the_same_whenever_one_looks() -> None:
    assert floor(after(minutes=17, seconds=3), TEN) == after(minutes=10)
    assert floor(after(minutes=17), timedelta(days=1)) == after(hours=-12)
