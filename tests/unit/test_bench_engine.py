"""The arithmetic of the bench that compares engines, names and lateness; what it measures is seen by running it."""

import pytest

from bench.engine.goals import Goals, Missed, missed
from bench.engine.measuring import Case, Measured, Turn, middle, turn_of
from bench.lookups.name_server import answer
from tocsin.errors import TocsinError

CASE = Case("https", 100)
GOALS: Goals = {"https": {"go": 0.5, "axios": 3.0}, "http": {}, "memory": {"added_per_1000": 75}}


def said(**fields: float | None) -> dict[str, float | None]:
    return {"passed": 2000, "processor": 1.0, "resting": 10e6, "peak": 20e6} | fields


def measured(**seconds: float) -> Measured:
    return Measured({name: {CASE: Turn(each, 20e6, 50e3)} for name, each in seconds.items()}, (), 1)


def test_what_a_loop_printed_is_for_each_check_and_each_in_flight() -> None:
    assert turn_of("tocsin", said(), 2000, 100) == Turn(seconds=0.0005, peak=20e6, added=100e3)


def test_memory_that_cannot_be_told_stays_untold() -> None:
    assert turn_of("check_http", said(peak=None, resting=None), 2000, 100) == Turn(0.0005, None, None)


def test_an_engine_that_finds_targets_down_is_no_comparison() -> None:
    with pytest.raises(TocsinError, match="go found only 1999 of 2000 up"):
        turn_of("go", said(passed=1999), 2000, 100)


def test_the_middle_is_that_of_each_figure() -> None:
    turns = [Turn(3, None, 1), Turn(1, None, 3), Turn(2, None, 2)]

    assert middle(turns) == Turn(2, None, 2)


def test_goals_that_are_reached_are_not_told() -> None:
    assert list(missed(measured(tocsin=0.001, go=0.0005, axios=0.003), GOALS)) == []


def test_a_goal_is_missed_by_speed_and_by_memory() -> None:
    slow = measured(tocsin=0.001, go=0.0004, axios=0.003)
    fat = Measured({"tocsin": {CASE: Turn(0.001, 1e9, 76e3)}}, (), 1)

    assert list(missed(slow, GOALS)) == [Missed("https, 100 in flight: times go", 0.4, 0.5)]
    assert list(missed(fat, GOALS)) == [Missed("https, 100 in flight: MB for 1,000 more", 76.0, 75)]


@pytest.mark.parametrize(
    ("name", "record_type", "expected"),
    [
        pytest.param(b"\x04shop\x00", b"\x00\x01", b"\x00\x01", id="has an address"),
        pytest.param(b"\x04shop\x00", b"\x00\x1c", b"\x00\x00", id="has none of version 6"),
        pytest.param(b"\x08silent-7\x00", b"\x00\x01", None, id="is never answered for"),
    ],
)
def test_the_name_server(name: bytes, record_type: bytes, expected: bytes | None) -> None:
    asked = b"\x12\x34" + b"\x01\x00" + b"\x00\x01" + b"\x00" * 6 + name + record_type + b"\x00\x01"

    said = answer(asked)

    assert (said and said[6:8]) == expected
