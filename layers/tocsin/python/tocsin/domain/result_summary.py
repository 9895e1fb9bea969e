"""What an hour or a day of one monitor's results in one region comes to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from tocsin.domain.checks import CheckState

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LATEST_SAVE = timedelta(minutes=5)
"""By then after a minute's beginning its run has saved, or never will."""


class Reading(NamedTuple):
    """One result as it is counted and drawn: `total` is in milliseconds."""

    monitor_id: str
    checked_at: datetime
    state: CheckState
    total: int | None


class Summary(NamedTuple):
    """How many checks found what; the percentiles are of the milliseconds that answers took, None without any.

    An answer is a check that found the monitor up or degraded: how long a failure takes tells nothing of its speed.
    """

    up: int = 0
    degraded: int = 0
    down: int = 0
    inconclusive: int = 0
    p50: int | None = None
    p95: int | None = None
    p99: int | None = None

    @property
    def checks(self) -> int:
        return self.up + self.degraded + self.down + self.inconclusive


def summarize(readings: Iterable[Reading]) -> dict[str, Summary]:
    """By monitor."""
    states: defaultdict[str, Counter[CheckState]] = defaultdict(Counter)
    totals: defaultdict[str, list[int]] = defaultdict(list)
    for monitor_id, _, state, total in readings:
        states[monitor_id][state] += 1
        if total is not None and state in (CheckState.UP, CheckState.DEGRADED):
            totals[monitor_id].append(total)
    return {name: _summary(counted, sorted(totals.get(name, ()))) for name, counted in states.items()}


def nearest_rank(ordered: Sequence[int], percent: int) -> int | None:
    """The smallest of them that is not exceeded by `percent` of them; one that really occurred."""
    return ordered[max(ceil(len(ordered) * percent / 100), 1) - 1] if ordered else None


def floor(instant: datetime, step: timedelta) -> datetime:
    """The beginning of the step of its day, in UTC, that an instant lies in: the same steps whenever one looks."""
    midnight = instant.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (instant - midnight) // step * step


def spans_due(oldest: datetime | None, newest: datetime | None, now: datetime, step: timedelta) -> Iterator[datetime]:
    """The beginnings of the hours or days that are over and not summed up.

    `oldest` is the first minute that is kept, `newest` the last hour or day that is summed up.
    """
    if oldest is None:
        return
    begin = floor(oldest, step) if newest is None else max(newest + step, floor(oldest, step))
    while begin + step <= now - LATEST_SAVE:
        yield begin
        begin += step


def _summary(counted: Counter[CheckState], ordered: Sequence[int]) -> Summary:
    return Summary(
        *(counted[state] for state in (CheckState.UP, CheckState.DEGRADED, CheckState.DOWN, CheckState.INCONCLUSIVE)),
        *(nearest_rank(ordered, percent) for percent in (50, 95, 99)),
    )
