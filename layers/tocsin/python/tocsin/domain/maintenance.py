"""Maintenance windows: planned quiet time. Checks go on in them, but nobody is told, and they are not in the up-time.

A window is once, from one time on the wall clock to another; or again and again: every so many days, weeks or months
at a time of day, for as long as it lasts. Lengths are wall clock too: 24 hours are a day. A beginning inside a spring
gap moves to the first instant after it, an ambiguous one means its first occurrence; an ambiguous end means its last,
so that abutting windows leave no hole. Windows may overlap, and then each counts.
"""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, NaiveDatetime

from tocsin.domain.record import Record
from tocsin.domain.schedule import Every, Unit
from tocsin.domain.span import Span
from tocsin.domain.wall_clock import instant_of, last_instant_of, wall_clock_at

A_DAY = timedelta(days=1)
AN_INSTANT = timedelta(microseconds=1)


class Weekday(StrEnum):
    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEKDAYS = tuple(Weekday)
"""In the order of `date.weekday()`."""


class Once(Record):
    kind: Literal["once"] = "once"
    start: NaiveDatetime
    end: NaiveDatetime


class Recurring(Record):
    """On `first` and every so many days, weeks or months after it; a month that is too short ends with it.

    With weeks, `days` are those on which it begins, in every such week counted from the Monday before `first`; without,
    it begins on the day of `first`. The last one begins on `until` or before.
    """

    kind: Literal["recurring"] = "recurring"
    every: Every
    days: tuple[Weekday, ...] = ()
    at: time
    lasts: timedelta
    first: date
    until: date | None = None


class MaintenanceWindow(Record):
    """Of every monitor of `services`, and of the `monitors` besides."""

    window_id: str
    name: str
    services: tuple[str, ...] = ()
    monitors: tuple[str, ...] = ()
    time_zone: str
    when: Annotated[Once | Recurring, Field(discriminator="kind")]

    def covers(self, service_id: str, monitor_id: str | None) -> bool:
        """Whether a monitor is in it while it is on; None for the service as a whole."""
        return service_id in self.services or monitor_id in self.monitors


def window_at(
    windows: Iterable[MaintenanceWindow], service_id: str, monitor_id: str | None, at: datetime
) -> MaintenanceWindow | None:
    """The window that a monitor is in at an instant, the one that ends last; None for the service as a whole."""
    found = _last_to_end(windows, service_id, monitor_id, at)
    return found[1] if found else None


def muted_by(windows: Iterable[MaintenanceWindow], service_id: str, monitor_id: str, at: datetime) -> str | None:
    """Why nobody is told about a monitor at an instant; None when they are."""
    found = _last_to_end(windows, service_id, monitor_id, at)
    if found is None:
        return None
    end, window = found
    zone = ZoneInfo(window.time_zone)
    local, today = end.astimezone(zone), at.astimezone(zone).date()
    return f"maintenance: {window.name} until {local:%H:%M}" + ("" if local.date() == today else f" on {local.date()}")


def span_at(window: MaintenanceWindow, at: datetime) -> Span | None:
    """The whole of the span that an instant lies in."""
    return next(iter(_touching(window, at, at + AN_INSTANT)), None)


def spans(window: MaintenanceWindow, start: datetime, end: datetime) -> tuple[Span, ...]:
    """When a window is on from `start` until `end`, clipped to them: in order, each apart from the next."""
    return tuple(clipped for span in _touching(window, start, end) if (clipped := span.clipped(start, end)))


def _last_to_end(
    windows: Iterable[MaintenanceWindow], service_id: str, monitor_id: str | None, at: datetime
) -> tuple[datetime, MaintenanceWindow] | None:
    about = (window for window in windows if window.covers(service_id, monitor_id))
    covering = [(span.end, window) for window in about if (span := span_at(window, at))]
    return max(covering, key=lambda ending: ending[0], default=None)


def _touching(window: MaintenanceWindow, start: datetime, end: datetime) -> list[Span]:
    """The whole spans that have a part in the range; those that overlap are one."""
    zone = ZoneInfo(window.time_zone)
    found: list[Span] = []
    for begin, over in sorted(_on_the_wall(window, wall_clock_at(start, zone), wall_clock_at(end, zone))):
        span = Span(instant_of(begin, zone), last_instant_of(over, zone))
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        elif span.start < span.end:
            found.append(span)
    return [span for span in found if span.start < end and span.end > start]


def _on_the_wall(window: MaintenanceWindow, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What the clocks show at the beginning and the end of each time it is on, around a range.

    Two days more on either side are enough for all that clocks were ever set by.
    """
    if isinstance(window.when, Once):
        yield window.when.start, window.when.end
        return
    day = max(window.when.first, (start - window.when.lasts).date() - 2 * A_DAY)
    last = min(window.when.until or date.max, end.date() + 2 * A_DAY)
    while day <= last:
        if _begins_on(window.when, day):
            begin = datetime.combine(day, window.when.at)
            yield begin, begin + window.when.lasts
        day += A_DAY


def _begins_on(recurring: Recurring, day: date) -> bool:
    count, first = recurring.every.count, recurring.first
    if recurring.every.unit is Unit.MONTHS:
        months = (day.year - first.year) * 12 + day.month - first.month
        return months % count == 0 and day.day == min(first.day, calendar.monthrange(day.year, day.month)[1])
    if recurring.every.unit is Unit.WEEKS and recurring.days:
        weeks = (_monday(day) - _monday(first)).days // 7
        return weeks % count == 0 and WEEKDAYS[day.weekday()] in recurring.days
    return (day - first).days % (count * (7 if recurring.every.unit is Unit.WEEKS else 1)) == 0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
