"""Maintenance windows for tests, and when they are on, found naively: by watching the clocks minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tocsin.domain.maintenance import MaintenanceWindow, Once, Recurring, Weekday
from tocsin.domain.schedule import Every, Unit

wall = datetime.fromisoformat
PRAGUE, CHICAGO, LORD_HOWE = "Europe/Prague", "America/Chicago", "Australia/Lord_Howe"
MINUTE = timedelta(minutes=1)


def a_window(when: Once | Recurring, time_zone: str = PRAGUE, **fields: Any) -> MaintenanceWindow:
    defaults: dict[str, Any] = {"window_id": "upgrade", "name": "DB upgrade", "services": ("web",)}
    return MaintenanceWindow(time_zone=time_zone, when=when, **(defaults | fields))


def once(start: str, end: str) -> Once:
    return Once(start=wall(start), end=wall(end))


def recurring(
    at: str, hours: float, count: int = 1, unit: Unit = Unit.DAYS, days: str = "", **fields: Any
) -> Recurring:
    return Recurring(
        every=Every(count=count, unit=unit),
        days=tuple(Weekday(day) for day in days.split()),
        at=time.fromisoformat(at),
        lasts=timedelta(hours=hours),
        **({"first": day("2001-01-01")} | fields),
    )


def day(text: str) -> date:
    return date.fromisoformat(text)


def naive_span(begin: datetime, over: datetime, zone: str) -> tuple[datetime, datetime]:
    """From the first minute that shows `begin` until the last one that shows `over`, or the next that is ever shown."""
    first, last = _watched(zone, begin.date()), _watched(zone, over.date())
    while begin not in first:
        begin += MINUTE
    while over not in last:
        over += MINUTE
    return first[begin][0], last[over][-1]


@cache
def _watched(zone: str, around: date) -> dict[datetime, list[datetime]]:
    """The instants at which the clocks show each minute of five days."""
    watched: dict[datetime, list[datetime]] = {}
    midnight = datetime.combine(around, time(), UTC)
    for minute in range(-2 * 1440, 3 * 1440):
        instant = midnight + minute * MINUTE
        watched.setdefault(instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0), []).append(instant)
    return watched
