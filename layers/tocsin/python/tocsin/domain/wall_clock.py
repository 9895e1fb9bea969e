"""From what the clock on the wall says to the instant it means, and back. All instants are UTC inside.

Two aware datetimes of one zone compare by their wall clocks, which is wrong around a change of the clocks.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the zone's clocks first show `wall`; the first instant after the gap when they never do."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return instant if wall_clock_at(instant, zone) == wall else _end_of_gap(wall, zone, instant)


def last_instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """When the zone's clocks last show `wall`; the first instant after the gap when they never do."""
    instant = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return instant if wall_clock_at(instant, zone) == wall else instant_of(wall, zone)


def wall_clock_at(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of the zone show: naive."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _end_of_gap(wall: datetime, zone: ZoneInfo, after: datetime) -> datetime:
    """Read with the offset from before the gap, `wall` lies after its end; with the offset from after, before it."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    offset = after.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + ((after - before) / 2 // SECOND) * SECOND
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after
