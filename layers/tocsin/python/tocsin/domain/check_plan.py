"""Which checks a run of one shard and minute makes, and when: at the same time in every region."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from tocsin.domain.checks import CheckResult, CheckState, Monitor
from tocsin.domain.record import Instant, Record
from tocsin.domain.region_view import RegionView

MINUTE = timedelta(minutes=1)
SHORTEST_INTERVAL = timedelta(seconds=10)
SPREAD = timedelta(seconds=3)
"""Over how long the checks of one instant start. A run is paid for by its length, so this stays short."""
RECHECK_PAUSE = timedelta(seconds=2)
OLDEST_RUN = timedelta(seconds=90)
LONGEST_RUN = timedelta(seconds=80)
"""Ten seconds less than the function's time, to save in."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ShardDue(Record):
    """One shard is to be checked for one minute. `minute` is its beginning."""

    region: str
    shard_id: str
    minute: Instant


class PlannedCheck(NamedTuple):
    at: datetime
    monitor: Monitor
    is_recheck: bool = False


def minute_of(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def is_outdated(due: ShardDue, view: RegionView, now: datetime) -> bool:
    """Too old to say anything about the present, or this minute (or a later one) has been seen to already."""
    return now - due.minute > OLDEST_RUN or (view.minute is not None and view.minute >= due.minute)


def planned_checks(monitors: Iterable[Monitor], minute: datetime, now: datetime) -> list[PlannedCheck]:
    """The checks of this minute. A run that begins late skips all but the last of those whose time has passed."""
    return [check for monitor in monitors for check in _checks_of(monitor, minute, now)]


def recheck(check: PlannedCheck, result: CheckResult, view: RegionView) -> PlannedCheck | None:
    """A failure that would change this region's mind is looked at once more, soon."""
    known = view.monitors.get(result.monitor_id)
    already_down = known is not None and known.up is False
    if result.state is not CheckState.DOWN or check.is_recheck or already_down:
        return None
    return PlannedCheck(result.checked_at + RECHECK_PAUSE, check.monitor, is_recheck=True)


def _checks_of(monitor: Monitor, minute: datetime, now: datetime) -> Iterator[PlannedCheck]:
    instants = list(_instants(monitor, minute))
    passed = [instant for instant in instants if instant < now]
    if passed:
        yield PlannedCheck(now + _jitter(monitor), monitor)
    for instant in instants[len(passed) :]:
        yield PlannedCheck(instant, monitor)


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
