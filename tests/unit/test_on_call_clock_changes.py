"""Who is on call while clocks change, against a naive second implementation."""

from datetime import UTC, timedelta

import pytest

from tests.support.naive_on_call import naive_on_call, naive_turns
from tests.support.schedules import PRAGUE, at, covering, layer, schedule, wall
from tocsin.domain.on_call import shifts, who_is_on_call
from tocsin.domain.schedule import Unit

CHANGE_WEEKS = {
    "Europe/Prague": (wall("2026-03-29"), wall("2026-10-25")),
    "America/Chicago": (wall("2026-03-08"), wall("2026-11-01")),
    "Australia/Lord_Howe": (wall("2026-04-05"), wall("2026-10-04")),
    "Pacific/Apia": (wall("2011-12-30"), wall("2011-04-02")),
}


def hours(zone: str, start: str, end: str) -> list[tuple[str, str, str]]:
    hourly = schedule(layer(1, Unit.HOURS, wall("2026-01-01"), (("a",), ("b",), ("c",))), time_zone=zone)
    found = shifts(hourly, at(start, zone), at(end, zone))
    return [(shift.start.isoformat()[11:], shift.end.isoformat()[11:], shift.people[0]) for shift in found]


def test_an_hourly_turn_inside_the_spring_gap_has_no_length() -> None:
    assert hours(PRAGUE, "2026-03-29T01:00", "2026-03-29T05:00") == [
        ("01:00:00+01:00", "03:00:00+02:00", "b"),
        ("03:00:00+02:00", "04:00:00+02:00", "a"),
        ("04:00:00+02:00", "05:00:00+02:00", "b"),
    ]


def test_the_repeated_hour_belongs_to_one_turn_of_two_hours() -> None:
    assert hours(PRAGUE, "2026-10-25T01:00", "2026-10-25T04:00") == [
        ("01:00:00+02:00", "02:00:00+02:00", "b"),
        ("02:00:00+02:00", "03:00:00+01:00", "c"),
        ("03:00:00+01:00", "04:00:00+01:00", "a"),
    ]


@pytest.mark.parametrize(
    ("zone", "shown", "expected"),
    [
        pytest.param(PRAGUE, "2026-03-29T02:30", "2026-03-29T01:00:00+00:00", id="gap: the first instant after it"),
        pytest.param(PRAGUE, "2026-10-25T02:30", "2026-10-25T00:30:00+00:00", id="ambiguous: the first occurrence"),
        pytest.param(
            "Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30:00+00:00", id="a gap of half an hour"
        ),
        pytest.param("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45:00+00:00", id="half an hour twice"),
        pytest.param("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00:00+00:00", id="a day that never was"),
    ],
)
def test_a_handoff_at_a_change_of_the_clocks(zone: str, shown: str, expected: str) -> None:
    handoff, day = wall(shown), timedelta(days=1)
    once = schedule(layer(1, Unit.MONTHS, handoff, (("before",), ("after",))), time_zone=zone)

    found = shifts(once, handoff.replace(tzinfo=UTC) - 2 * day, handoff.replace(tzinfo=UTC) + 2 * day)

    assert [shift.people for shift in found] == [("after",), ("before",)]
    assert found[1].start.astimezone(UTC).isoformat() == expected


@pytest.mark.parametrize("zone", CHANGE_WEEKS)
@pytest.mark.parametrize("which", [0, 1], ids=["first change", "second change"])
@pytest.mark.parametrize(
    ("length", "unit", "clock"),
    [
        pytest.param(1, Unit.HOURS, "00:00", id="hourly"),
        pytest.param(1, Unit.HOURS, "00:30", id="hourly at half past"),
        pytest.param(5, Unit.HOURS, "02:15", id="every 5 hours"),
        pytest.param(12, Unit.HOURS, "02:30", id="every 12 hours"),
        pytest.param(24, Unit.HOURS, "01:45", id="every 24 hours"),
        pytest.param(1, Unit.DAYS, "02:30", id="daily"),
        pytest.param(3, Unit.DAYS, "02:00", id="every 3 days"),
        pytest.param(1, Unit.WEEKS, "02:30", id="weekly"),
        pytest.param(1, Unit.MONTHS, "02:30", id="monthly"),
    ],
)
def test_brute_force_across_changes_of_the_clocks(zone: str, which: int, length: int, unit: Unit, clock: str) -> None:
    change = CHANGE_WEEKS[zone][which]
    first_handoff = wall(f"{(change - timedelta(days=14)).date()}T{clock}")
    rotating = layer(length, unit, first_handoff)
    one = schedule(rotating, time_zone=zone)
    first = change.replace(tzinfo=UTC) - timedelta(days=3)
    expected = naive_turns(rotating, zone, first + timedelta(days=8))

    quarters = [first + timedelta(minutes=15 * quarter) for quarter in range(4 * 24 * 7)]
    found = shifts(one, quarters[0], quarters[-1] + timedelta(minutes=15))

    assert [who_is_on_call(one, quarter) for quarter in quarters] == [
        naive_on_call(expected, quarter) for quarter in quarters
    ]
    assert [covering(found, quarter) for quarter in quarters] == [
        [naive_on_call(expected, quarter)] for quarter in quarters
    ]


@pytest.mark.parametrize("zone", CHANGE_WEEKS)
def test_24_hours_are_a_day(zone: str) -> None:
    start = CHANGE_WEEKS[zone][0] - timedelta(days=30, hours=-2, minutes=-30)
    hourly = schedule(layer(24, Unit.HOURS, start), time_zone=zone)
    daily = schedule(layer(1, Unit.DAYS, start), time_zone=zone)
    year = start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + timedelta(days=366)

    assert shifts(hourly, *year) == shifts(daily, *year)
