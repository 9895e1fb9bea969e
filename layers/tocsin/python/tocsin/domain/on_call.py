"""Who is on call: calculated from the schedule alone. Preview, feeds and pager all ask here.

Rotations follow the wall clock of the schedule's zone. Their grid of handoffs also runs before the start. A handoff
inside a spring gap happens at the first instant after it, an ambiguous one at its first occurrence; a turn that lies
wholly inside a gap has no length. Monthly handoffs that a month is too short for happen on its last day.
"""

import calendar
from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from zoneinfo import ZoneInfo

from tocsin.domain.schedule import Layer, Rotation, Schedule, Shift, Turn, Unit
from tocsin.domain.wall_clock import instant_of, wall_clock_at

LENGTHS = {Unit.HOURS: timedelta(hours=1), Unit.DAYS: timedelta(days=1), Unit.WEEKS: timedelta(weeks=1)}
AN_INSTANT = timedelta(microseconds=1)

Turns = list[tuple[datetime, Turn]]
"""When each turn begins, and whose it is."""


def who_is_on_call(schedule: Schedule, at: datetime) -> tuple[str, ...]:
    """The ids of everyone on call at an aware instant: layers in their order, nobody twice; empty when nobody is."""
    return next((shift.people for shift in shifts(schedule, at, at + AN_INSTANT)), ())


def shifts(schedule: Schedule, start: datetime, end: datetime) -> list[Shift]:
    """The spans from `start` until `end` (aware, clipped to them) in which somebody is on call, in order.

    A shift lasts as long as the same people are on call, whichever turns that takes; times are in the schedule's zone.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if start >= end:
        return []
    zone = ZoneInfo(schedule.time_zone)
    layers = [list(_turns(layer, zone, start, end)) for layer in schedule.layers]
    boundaries = sorted({start, end} | {begin for turns in layers for begin, _ in turns if begin > start})
    spans = groupby(pairwise(boundaries), key=lambda span: frozenset(_people_at(span[0], layers)))
    return [_shift(list(group), layers, zone) for people, group in spans if people]


def handoff(rotation: Rotation, number: int) -> datetime:
    """What the wall clock shows at the start of a turn; turn 0 begins at the rotation's start."""
    if rotation.every.unit is Unit.MONTHS:
        return _months_after(rotation.start, number * rotation.every.count)
    return rotation.start + number * rotation.every.count * LENGTHS[rotation.every.unit]


def _turns(layer: Layer, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, Turn]]:
    """The turn at `start`, and those that begin before `end`."""
    number = _turn_at(layer.rotation, zone, start)
    begin = instant_of(handoff(layer.rotation, number), zone)
    while begin < end:
        yield begin, layer.people[number % len(layer.people)]
        number += 1
        begin = instant_of(handoff(layer.rotation, number), zone)


def _turn_at(rotation: Rotation, zone: ZoneInfo, at: datetime) -> int:
    """The last turn that has begun. In a repeated hour that is more than its wall clock says."""
    number = _turn_by_wall_clock(rotation, wall_clock_at(at, zone))
    while instant_of(handoff(rotation, number + 1), zone) <= at:
        number += 1
    return number


def _turn_by_wall_clock(rotation: Rotation, wall: datetime) -> int:
    every, start = rotation.every, rotation.start
    if every.unit is not Unit.MONTHS:
        return (wall - start) // (every.count * LENGTHS[every.unit])
    number = ((wall.year - start.year) * 12 + wall.month - start.month) // every.count
    return number if handoff(rotation, number) <= wall else number - 1


def _months_after(start: datetime, months: int) -> datetime:
    """From the start's own day each time, so that a short month shortens no later one."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return start.replace(year=year, month=month + 1, day=min(start.day, last_day))


def _people_at(instant: datetime, layers: list[Turns]) -> Turn:
    turns = (turns[bisect_right(turns, instant, key=itemgetter(0)) - 1] for turns in layers)
    return tuple(dict.fromkeys(person for _, people in turns for person in people))


def _shift(spans: list[tuple[datetime, datetime]], layers: list[Turns], zone: ZoneInfo) -> Shift:
    start, end = spans[0][0], spans[-1][1]
    return Shift(start=start.astimezone(zone), end=end.astimezone(zone), people=_people_at(start, layers))
