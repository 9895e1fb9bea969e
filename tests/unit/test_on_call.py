"""Who is on call: the rules, on days when the clocks behave."""

import pytest

from tests.support.schedules import at, layer, schedule, wall
from tocsin.domain.on_call import shifts, who_is_on_call
from tocsin.domain.schedule import Shift, Unit

WEEKLY = schedule(layer(1, Unit.WEEKS, wall("2026-01-05T09:00")))


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param("2026-01-05T09:00", ("alice",), id="the first turn begins at the start"),
        pytest.param("2026-01-12T08:59:59", ("alice",), id="until just before the handoff"),
        pytest.param("2026-01-12T09:00", ("bob",), id="from the handoff on"),
        pytest.param("2026-01-19T09:00", ("carol", "dave"), id="people listed together are on call together"),
        pytest.param("2026-01-26T09:00", ("alice",), id="and round again"),
        pytest.param("2026-01-05T08:59", ("carol", "dave"), id="the grid also runs before the start"),
        pytest.param("2025-12-22T08:59", ("alice",), id="a full round before the start"),
        pytest.param("2026-01-12T08:00+00:00", ("bob",), id="an instant from another zone"),
        pytest.param("2026-03-30T08:59", ("carol", "dave"), id="wall clock: nine in the morning in summer too, before"),
        pytest.param("2026-03-30T09:00", ("alice",), id="wall clock: nine in the morning in summer too, after"),
    ],
)
def test_weekly_rotation(instant: str, expected: tuple[str, ...]) -> None:
    assert who_is_on_call(WEEKLY, at(instant)) == expected


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        pytest.param("2026-02-28T08:59", ("alice",), id="January's turn lasts"),
        pytest.param("2026-02-28T09:00", ("bob",), id="a short month hands off on its last day"),
        pytest.param("2026-03-31T08:59", ("bob",), id="February does not shorten March"),
        pytest.param("2026-03-31T09:00", ("carol", "dave"), id="back on the 31st"),
        pytest.param("2026-04-30T09:00", ("alice",), id="the 30th of April"),
        pytest.param("2028-02-29T09:00", ("bob",), id="a leap day"),
        pytest.param("2025-12-31T09:00", ("carol", "dave"), id="before the start"),
        pytest.param("2025-12-31T08:59", ("bob",), id="well before the start"),
    ],
)
def test_monthly_rotation_clamps_to_the_end_of_the_month(instant: str, expected: tuple[str, ...]) -> None:
    monthly = schedule(layer(1, Unit.MONTHS, wall("2026-01-31T09:00")))

    assert who_is_on_call(monthly, at(instant)) == expected


def test_layers_add_up_and_nobody_is_listed_twice() -> None:
    everyone = layer(1, Unit.DAYS, wall("2026-01-05"), (("bob",), ("erin", "alice")))
    both = schedule(layer(1, Unit.WEEKS, wall("2026-01-05")), everyone)

    assert who_is_on_call(both, at("2026-01-05T12:00")) == ("alice", "bob")
    assert who_is_on_call(both, at("2026-01-06T12:00")) == ("alice", "erin")


def test_shifts_are_clipped_to_the_range_and_in_the_schedules_zone() -> None:
    found = shifts(WEEKLY, at("2026-03-27T00:00+00:00"), at("2026-03-31T00:00+00:00"))

    assert [shift.model_dump(mode="json") for shift in found] == [
        {"start": "2026-03-27T01:00:00+01:00", "end": "2026-03-30T09:00:00+02:00", "people": ["carol", "dave"]},
        {"start": "2026-03-30T09:00:00+02:00", "end": "2026-03-31T02:00:00+02:00", "people": ["alice"]},
    ]


def test_a_shift_lasts_as_long_as_the_same_people() -> None:
    alone = schedule(layer(1, Unit.HOURS, wall("2026-01-05"), (("alice",),)))
    start, end = at("2026-10-01T00:00"), at("2026-11-01T00:00")

    assert shifts(alone, start, end) == [Shift(start=start, end=end, people=("alice",))]


def test_an_empty_or_reversed_range_has_no_shifts() -> None:
    assert shifts(WEEKLY, at("2026-01-05T09:00"), at("2026-01-05T09:00")) == []
    assert shifts(WEEKLY, at("2026-01-06T09:00"), at("2026-01-05T09:00")) == []
