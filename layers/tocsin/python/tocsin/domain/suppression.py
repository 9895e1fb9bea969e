"""A monitor that fails because another one does is shown, but nobody is told about it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.domain.checks import Monitor
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.votes import Vote, is_fresh
from tocsin.errors import NotFoundError

LONGEST_HOLD = timedelta(minutes=2)
"""So long an alert waits for what its parents turn out to be: a page that is later than that is worse than one more."""


class Parent(NamedTuple):
    """One that the monitor depends on, at first or second hand. `since` is when its state began.

    It `wavers` when it is unknown, or when its latest check from any region failed: it may be about to go down. So it
    may when some region has not checked it since the monitor began to fail: `seen_at` is the oldest of their checks.
    """

    monitor_id: str
    state: MonitorState | None
    since: datetime
    wavers: bool = False
    seen_at: datetime | None = None


def ancestors(monitor: Monitor, read: Callable[[str], Monitor]) -> tuple[Monitor, ...]:
    """All that it depends on, the nearest first; those that are not in the file (any more), or paused, are left out."""
    found: dict[str, Monitor] = {}
    following = list(monitor.depends_on)
    while following:
        monitor_id = following.pop(0)
        if monitor_id in found or monitor_id == monitor.monitor_id:
            continue
        try:
            found[monitor_id] = read(monitor_id)
        except NotFoundError:
            continue
        following += found[monitor_id].depends_on
    return tuple(each for each in found.values() if not each.paused)


def parent(
    monitor: Monitor, state: MonitorState | None, since: datetime, votes: Iterable[Vote], now: datetime
) -> Parent:
    """As the monitors that depend on it see it."""
    fresh = [vote for vote in votes if is_fresh(vote.checked_at, monitor.every, now)]
    wavers = state is None or any(vote.failing for vote in fresh)
    seen_at = min((vote.checked_at for vote in fresh), default=None) if monitor.is_probed else None
    return Parent(monitor.monitor_id, state, since, wavers, seen_at)


def suppressed_by(parents: Iterable[Parent]) -> str | None:
    """Why nobody is to be told; None when no parent is down."""
    down = next((parent for parent in parents if parent.state is MonitorState.DOWN), None)
    return f"depends on {down.monitor_id}, which is down" if down else None


def one_wavers(parents: tuple[Parent, ...], began: datetime, held_since: datetime, now: datetime) -> bool:
    """Whether the alert of an outage that `began` then is to be held (still), as a parent may be about to go down."""
    unseen = (parent.seen_at is not None and parent.seen_at <= began for parent in parents)
    return now - held_since < LONGEST_HOLD and (any(parent.wavers for parent in parents) or any(unseen))


def one_is_back(parents: Iterable[Parent], saying_down: Iterable[Vote]) -> bool:
    """Whether no check has failed since a parent recovered: the monitor may only not have noticed yet."""
    recovered_at = max((parent.since for parent in parents if parent.state is not None), default=None)
    return recovered_at is not None and not _failed_after(recovered_at, saying_down)


def _failed_after(instant: datetime, votes: Iterable[Vote]) -> bool:
    return any(vote.failing and vote.checked_at > instant for vote in votes)
