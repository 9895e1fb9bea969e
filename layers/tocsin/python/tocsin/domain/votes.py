"""What the regions' views of a monitor add up to."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tocsin.domain.check_plan import LONGEST_RUN
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Instant, Record
from tocsin.domain.region_view import RegionView

SHORTEST_ROUND = timedelta(minutes=1)
"""Region views are written at least this often, however often a monitor is checked."""


class Vote(Record):
    """One region's confirmed view of a monitor. `since` is when that state began there.

    `failing` when its latest check failed, whatever is confirmed.
    """

    region: str
    state: MonitorState
    since: Instant
    checked_at: Instant
    message: str = ""
    flapping: bool = False
    failing: bool = False


def vote_in(view: RegionView, monitor_id: str) -> Vote | None:
    """A region that has not made up its mind has none."""
    known = view.monitors.get(monitor_id)
    if known is None or known.state is None or known.since is None or known.checked_at is None:
        return None
    return Vote(
        region=view.region,
        state=known.state,
        since=known.since,
        checked_at=known.checked_at,
        message=known.message,
        flapping=known.flapping,
        failing=known.recent.endswith("-"),
    )


def is_fresh(checked_at: datetime, every: timedelta, now: datetime) -> bool:
    """A vote older than two intervals abstains, and than the longest run, since a quiet one saves at its end only.

    Two, as the clock may strike a minute late: a healthy region must not lose its vote by that.
    """
    return now - checked_at <= 2 * max(every, SHORTEST_ROUND) + LONGEST_RUN


def needed(quorum: str | int, answered: int) -> int:
    """How many of the regions that answered must say down. A number is capped: fewer regions must not mean silence."""
    rules = {"majority": answered // 2 + 1, "all": answered, "any": 1}
    return rules[quorum] if isinstance(quorum, str) else min(quorum, answered)


def verdict(before: MonitorState | None, quorum: str | int, fresh: tuple[Vote, ...]) -> MonitorState | None:
    """The quorum opens, and a strict majority closes: of those not down for an end to down, of those up for up.

    Degraded is what as many regions call degraded or worse as would have to call it down. In between nothing changes.
    """
    down, up = _count(fresh, MonitorState.DOWN), _count(fresh, MonitorState.UP)
    if not fresh:
        return None
    if down >= needed(quorum, len(fresh)):
        return MonitorState.DOWN
    if before is MonitorState.DOWN and not _is_most(len(fresh) - down, fresh):
        return before
    if len(fresh) - up >= needed(quorum, len(fresh)):
        return MonitorState.DEGRADED
    return before if before is MonitorState.UP else _closed(before, up, len(fresh) - down, fresh)


def in_words(votes: Iterable[Vote]) -> str:
    """What these regions say, each by name unless all say the same."""
    ordered = sorted(votes, key=lambda vote: vote.region)
    if len({vote.message for vote in ordered}) == 1:
        return ordered[0].message
    return "; ".join(f"{vote.region}: {vote.message}" for vote in ordered)


def _closed(before: MonitorState | None, up: int, not_down: int, fresh: tuple[Vote, ...]) -> MonitorState | None:
    if _is_most(up, fresh):
        return MonitorState.UP
    return MonitorState.DEGRADED if _is_most(not_down, fresh) else before


def _is_most(votes: int, fresh: tuple[Vote, ...]) -> bool:
    return 2 * votes > len(fresh)


def _count(fresh: tuple[Vote, ...], state: MonitorState) -> int:
    return sum(vote.state is state for vote in fresh)
