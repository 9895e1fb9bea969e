"""Who is on call, against a naive second implementation that walks from handoff to handoff a minute at a time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.on_call import shifts, who_is_on_call
from tocsin.domain.schedule import Every, Layer, Rotation, Schedule, Shift, Unit

wall = datetime.fromisoformat
PRAGUE = "Europe/Prague"
PEOPLE = (("alice",), ("bob",), ("carol", "dave"))
CHANGE_WEEKS = {
    "Europe/Prague": (wall("2026-03-29"), wall("2026-10-25")),
    "America/Chicago": (wall("2026-03-08"), wall("2026-11-01")),
    "Australia/Lord_Howe": (wall("2026-04-05"), wall("2026-10-04")),
    "Pacific/Apia": (wall("2011-12-30"), wall("2011-04-02")),
}


def schedule(*layers: Layer, time_zone: str = PRAGUE) -> Schedule:
    return Schedule(schedule_id="primary", time_zone=time_zone, layers=layers)


def layer(length: int, unit: Unit, start: datetime, people: tuple[tuple[str, ...], ...] = PEOPLE) -> Layer:
    return Layer(rotation=Rotation(every=Every(count=length, unit=unit), start=start), people=people)


WEEKLY = schedule(layer(1, Unit.WEEKS, wall("2026-01-05T09:00")))


def at(text: str, zone: str = PRAGUE) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


# the naive second implementation ------------------------------------------------------------------


@cache
def wall_clocks(zone: str, day: datetime) -> dict[datetime, datetime]:
    """For four days around `day`: the first instant at which the clocks show each minute, found by watching them."""
    watched: dict[datetime, datetime] = {}
    for minute in range(-2 * 1440, 2 * 1440):
        instant = day.replace(tzinfo=UTC) + timedelta(minutes=minute)
        watched.setdefault(instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0), instant)
    return watched


def naive_instant(shown: datetime, zone: str) -> datetime:
    """The first minute at or after `shown` that the clocks ever show."""
    watched = wall_clocks(zone, shown.replace(hour=0, minute=0))
    while shown not in watched:
        shown += timedelta(minutes=1)
    return watched[shown]


def naive_handoffs(rotation: Rotation) -> Iterator[datetime]:
    """Wall-clock handoffs from the start on, by counting the calendar up."""
    every, shown = rotation.every, rotation.start
    while every.unit is not Unit.MONTHS:
        yield shown
        shown += timedelta(**{every.unit.value: every.count})
    for months in count(0, every.count):
        first = rotation.start.replace(day=1)
        for _ in range(months):
            first = (first + timedelta(days=32)).replace(day=1)
        days = [day for day in range(1, 32) if (first + timedelta(days=day - 1)).month == first.month]
        yield first.replace(day=min(rotation.start.day, days[-1]))


def naive_turns(one: Layer, zone: str, until: datetime) -> list[tuple[datetime, tuple[str, ...]]]:
    found: list[tuple[datetime, tuple[str, ...]]] = []
    for number, shown in enumerate(naive_handoffs(one.rotation)):
        begin = naive_instant(shown, zone)
        found.append((begin, one.people[number % len(one.people)]))
        if begin > until:
            return found
    raise AssertionError


def naive_on_call(turns: list[tuple[datetime, tuple[str, ...]]], instant: datetime) -> tuple[str, ...]:
    """The last turn that has begun; of two that begin at once, the later."""
    return next(people for begin, people in reversed(turns) if begin <= instant)


# rules --------------------------------------------------------------------------------------------


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


# changes of the clocks ----------------------------------------------------------------------------


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


def covering(found: list[Shift], instant: datetime) -> list[tuple[str, ...]]:
    """The people of every shift that covers the instant: exactly one, if the shifts leave no gap and don't overlap."""
    return [shift.people for shift in found if shift.start.astimezone(UTC) <= instant < shift.end.astimezone(UTC)]


@pytest.mark.parametrize("zone", CHANGE_WEEKS)
def test_24_hours_are_a_day(zone: str) -> None:
    start = CHANGE_WEEKS[zone][0] - timedelta(days=30, hours=-2, minutes=-30)
    hourly = schedule(layer(24, Unit.HOURS, start), time_zone=zone)
    daily = schedule(layer(1, Unit.DAYS, start), time_zone=zone)
    year = start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + timedelta(days=366)

    assert shifts(hourly, *year) == shifts(daily, *year)


# properties ---------------------------------------------------------------------------------------

moments = st.datetimes(wall("2024-01-01"), wall("2028-01-01"), timezones=st.just(UTC))
walls = st.datetimes(wall("2024-01-01"), wall("2028-01-01"))
turns = st.lists(st.lists(st.sampled_from("abcde"), min_size=1, max_size=2).map(tuple), min_size=1, max_size=4).map(
    tuple
)
layers = st.builds(layer, st.integers(1, 30), st.sampled_from(Unit), walls, turns)
schedules = st.builds(schedule, layers, layers, time_zone=st.sampled_from([*CHANGE_WEEKS, "Asia/Kathmandu"]))


@given(
    schedules, moments, st.timedeltas(timedelta(0), timedelta(days=20)), st.timedeltas(timedelta(0), timedelta(days=20))
)
def test_shifts_say_what_who_is_on_call_says(
    one: Schedule, start: datetime, length: timedelta, offset: timedelta
) -> None:
    end = start + length
    instant = start + offset

    found = shifts(one, start, end)

    expected = [who_is_on_call(one, instant)] if instant < end else []
    assert sets(covering(found, instant)) == sets(expected)
    assert [shift.end for shift in found[:-1]] == [shift.start for shift in found[1:]]


@given(
    schedules, moments, st.timedeltas(timedelta(0), timedelta(days=9)), st.timedeltas(timedelta(0), timedelta(days=9))
)
def test_splitting_a_range_changes_nothing(one: Schedule, start: datetime, first: timedelta, second: timedelta) -> None:
    middle, end = start + first, start + first + second

    whole = shifts(one, start, end)
    parts = shifts(one, start, middle) + shifts(one, middle, end)

    assert joined(parts) == joined(whole)


def sets(people: list[tuple[str, ...]]) -> list[frozenset[str]]:
    return [frozenset(one) for one in people]


def joined(parts: list[Shift]) -> list[tuple[datetime, frozenset[str]]]:
    """Where the people change: what two neighbours of the same people have in common is one shift."""
    changes: list[tuple[datetime, frozenset[str]]] = []
    for shift in parts:
        if not changes or changes[-1][1] != frozenset(shift.people):
            changes.append((shift.start.astimezone(UTC), frozenset(shift.people)))
    return changes
