"""What holds for every schedule, range and instant."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.schedules import covering, layer, schedule, wall
from tocsin.domain.on_call import shifts, who_is_on_call
from tocsin.domain.schedule import Schedule, Shift, Unit

ZONES = ["Europe/Prague", "America/Chicago", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]

moments = st.datetimes(wall("2024-01-01"), wall("2028-01-01"), timezones=st.just(UTC))
walls = st.datetimes(wall("2024-01-01"), wall("2028-01-01"))
turns = st.lists(st.lists(st.sampled_from("abcde"), min_size=1, max_size=2).map(tuple), min_size=1, max_size=4).map(
    tuple
)
layers = st.builds(layer, st.integers(1, 30), st.sampled_from(Unit), walls, turns)
schedules = st.builds(schedule, layers, layers, time_zone=st.sampled_from(ZONES))


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
