"""Which checks a run of one shard and minute makes, and when.

The minute is a run's identity: it has the same checks in every region, and no check belongs to two minutes. They are
made from when the run really begins, for the clock may strike anywhere in its minute. Runs of a shard wait for each
other: one that is late makes its successor late, and ends before that would be too late.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tocsin.domain.checks import CheckResult, Monitor
from tocsin.domain.record import Instant, Record
from tocsin.domain.region_view import MonitorView, RegionView, would_be_news

MINUTE = timedelta(minutes=1)
SHORTEST_INTERVAL = timedelta(seconds=10)
SPREAD = timedelta(seconds=2)
"""Over how long the checks of one instant start. A run is paid for by its length, so this is about as long as
a third of a processor, which 512 MB buy, needs for 250 checks over TLS."""
RECHECK_PAUSE = timedelta(seconds=2)
OLDEST_RUN = timedelta(seconds=90)
TIME_TO_SAVE = timedelta(seconds=10)
LONGEST_RUN = timedelta(seconds=80)
"""With the time to save, all that the function has."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MinuteBegan(Record):
    """The clock struck for the minute that begins at `scheduled_at`, up to 60 seconds ago."""

    scheduled_at: Instant


class ShardDue(Record):
    """One shard is to be checked for one minute. `minute` is its beginning, `fingerprint` that of the shard."""

    region: str
    shard_id: str
    minute: Instant
    fingerprint: str


class PlannedCheck(NamedTuple):
    at: datetime
    monitor: Monitor
    is_recheck: bool = False


def is_outdated(due: ShardDue, view: RegionView, now: datetime) -> bool:
    """Too old to say anything about the present, or this minute (or a later one) has been seen to already."""
    return now - due.minute > OLDEST_RUN or (view.minute is not None and view.minute >= due.minute)


def ends_by(minute: datetime, now: datetime) -> datetime:
    """When a run that begins now must be done, so that its successor is not too late."""
    return min(now + LONGEST_RUN, minute + MINUTE + OLDEST_RUN - TIME_TO_SAVE)


def overrun(due_at: datetime, ended_at: datetime) -> timedelta:
    """For how long its successor, due a minute later, had to wait for a run that was due at `due_at`."""
    return max(ended_at - due_at - MINUTE, timedelta())


def planned_checks(monitors: Iterable[Monitor], minute: datetime, now: datetime) -> list[PlannedCheck]:
    """All checks of this minute, each as long after `now` as it is due after the minute's beginning."""
    return [
        PlannedCheck(now + (instant - minute), monitor)
        for monitor in monitors
        for instant in _instants(monitor, minute)
    ]


def recheck(check: PlannedCheck, result: CheckResult, view: RegionView) -> PlannedCheck | None:
    """A failure that would change this region's mind is looked at once more, soon; so is a check that was slow."""
    known = view.monitors.get(result.monitor_id, MonitorView())
    if check.is_recheck or not would_be_news(known, result):
        return None
    return PlannedCheck(result.checked_at + RECHECK_PAUSE, check.monitor, is_recheck=True)


def _instants(monitor: Monitor, minute: datetime) -> Iterator[datetime]:
    """The points of the monitor's grid that lie within the minute."""
    every = max(monitor.every, SHORTEST_INTERVAL)
    since_phase = (minute - _EPOCH - _phase(monitor, every)) % every
    instant = minute if not since_phase else minute + every - since_phase
    while instant < minute + MINUTE:
        yield instant
        instant += every


def _phase(monitor: Monitor, every: timedelta) -> timedelta:
    """Monitors checked every five minutes take turns in these five."""
    minutes = max(every // MINUTE, 1)
    return (_hash(monitor, "minute") % minutes) * MINUTE + _jitter(monitor)


def _jitter(monitor: Monitor) -> timedelta:
    return SPREAD * (_hash(monitor, "jitter") % 1000) / 1000


def _hash(monitor: Monitor, purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{purpose} {monitor.monitor_id}".encode()).digest()[:4])
