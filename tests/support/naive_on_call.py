"""Who is on call, worked out naively: by watching the clocks minute by minute and counting handoffs up."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from zoneinfo import ZoneInfo

from tocsin.domain.schedule import Layer, Rotation, Unit


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
