"""When a cron job runs next, as Debian's cron runs it on days on which clocks change.

One at set times runs once: at the first instant after a spring gap that its time lies in, and at the first of two equal
times. One with a `*` in its minute or hour runs whenever the clocks show its time: not in the gap, and twice in autumn.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tocsin.domain.wall_clock import instant_of, last_instant_of, wall_clock_at

MOST_SET_BACK = timedelta(hours=3)
"""What the clocks show again in autumn began no longer ago than this."""

Occurrence = Callable[[datetime, ZoneInfo], datetime]


def next_run(cron: str, after: datetime, time_zone: str) -> datetime:
    """The first instant after `after`, in UTC. Raises ValueError for what is no cron expression or never comes."""
    zone = ZoneInfo(time_zone)
    minute, hour, *_ = cron.split()
    if minute.startswith("*") or hour.startswith("*"):
        return min(_first(cron, after, zone, occurrence, shown=True) for occurrence in (instant_of, last_instant_of))
    return _first(cron, after, zone, instant_of, shown=False)


def _first(cron: str, after: datetime, zone: ZoneInfo, occurrence: Occurrence, *, shown: bool) -> datetime:
    """`shown`: only what the clocks do show. Each occurrence of later times is later, so that the first found is it."""
    for wall in _times(cron, wall_clock_at(after, zone) - MOST_SET_BACK):
        instant = occurrence(wall, zone)
        if instant > after and not (shown and wall_clock_at(instant, zone) != wall):
            return instant
    raise ValueError(f"{cron!r} never comes")


def _times(cron: str, after: datetime) -> Iterator[datetime]:
    """By the wall clock alone. cronsim's own answers for zones may lie before `after`, or miss half-hour changes."""
    from cronsim import CronSim, CronSimError

    try:
        return CronSim(cron, after)
    except CronSimError as error:
        raise ValueError(f"{cron!r} is no cron expression: {error}") from error
