"""How much of a time something was up.

Only what is known counts: not the time when no region had a fresh vote, not maintenance, not before the first check.
A degraded monitor answers, so it is up.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.span import Span, without

ZERO = timedelta()


class StateBegan(NamedTuple):
    """`state` is None while it is unknown."""

    at: datetime
    state: MonitorState | None


class UpTime(NamedTuple):
    known: timedelta = ZERO
    down: timedelta = ZERO

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when nothing is known."""
        return 1 - self.down / self.known if self.known else None


def up_time(history: Sequence[StateBegan], start: datetime, end: datetime, excluded: Iterable[Span] = ()) -> UpTime:
    """Between two instants. `history` begins with the state that `start` found, if any was known then."""
    excluded = list(excluded)
    known = down = ZERO
    for state, span in _stretches(history, start, end):
        length = sum((piece.length for piece in without(span, excluded)), ZERO)
        known += length if state is not None else ZERO
        down += length if state is MonitorState.DOWN else ZERO
    return UpTime(known, down)


def outages(history: Sequence[StateBegan], start: datetime, end: datetime) -> list[Span]:
    """When it was down between two instants, by the same history."""
    return [span for state, span in _stretches(history, start, end) if state is MonitorState.DOWN]


def _stretches(
    history: Sequence[StateBegan], start: datetime, end: datetime
) -> Iterator[tuple[MonitorState | None, Span]]:
    """A state that began before another is known to have ended, as an outage confirmed late, cuts that one short."""
    for now, following in pairwise([*sorted(history, key=lambda began: began.at), StateBegan(end, None)]):
        span = Span(now.at, following.at).clipped(start, end)
        if span:
            yield now.state, span


def shown(share: float | None) -> str:
    """As a percentage that never rounds an outage away: `100 %`, `99.99 %`, `—` when nothing is known."""
    if share is None:
        return "—"
    if share == 1:
        return "100 %"
    return f"{min(99.99, int(share * 10_000) / 100):.2f} %"
