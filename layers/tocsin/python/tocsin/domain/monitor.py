"""What the regions' views of a monitor add up to."""

from datetime import UTC, datetime, timedelta

from tocsin.domain.check_plan import LONGEST_RUN
from tocsin.domain.checks import Monitor
from tocsin.domain.events import MonitorRecovered, MonitorWentDown
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Event, Instant, Record

SHORTEST_ROUND = timedelta(minutes=1)
"""Region views are written at least this often, however often a monitor is checked."""


_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Vote(Record):
    """One region's confirmed view of a monitor. `since` is when that state began there."""

    region: str
    state: MonitorState
    since: Instant
    checked_at: Instant
    message: str = ""


class MonitorStatus(Record):
    """`state` is None while no fresh vote is known: shown as unknown, never as green.

    `since` is when the state began, `changed_at` the newest fact that made us say so.
    """

    monitor_id: str
    service_id: str
    state: MonitorState | None = None
    since: Instant
    changed_at: Instant
    message: str = ""
    regions_down: tuple[str, ...] = ()
    version: int = 0


def unjudged(monitor: Monitor, now: datetime) -> MonitorStatus:
    """A monitor nobody has voted on yet."""
    return MonitorStatus(monitor_id=monitor.monitor_id, service_id=monitor.service_id, since=now, changed_at=_LONG_AGO)


def is_fresh(vote: Vote, every: timedelta, now: datetime) -> bool:
    """A vote older than two intervals abstains, and than the longest run, since a quiet one saves at its end only.

    Two, as the clock may strike a minute late: a healthy region must not lose its vote by that.
    """
    return now - vote.checked_at <= 2 * max(every, SHORTEST_ROUND) + LONGEST_RUN


def judge(
    status: MonitorStatus, monitor: Monitor, votes: tuple[Vote, ...], now: datetime
) -> tuple[MonitorStatus, tuple[Event, ...]]:
    """The new status, and the event if it changed. The votes' own times make late and duplicate calls harmless."""
    fresh = tuple(vote for vote in votes if is_fresh(vote, monitor.every, now))
    verdict = _verdict(status.state, monitor.quorum, fresh)
    if verdict == status.state:
        return status, ()
    status = status.model_copy(update={"service_id": monitor.service_id})
    if verdict is None:
        return _changed(status, state=None, since=now, changed_at=now), ()
    at = max(*(vote.checked_at for vote in fresh), status.changed_at + timedelta(microseconds=1))
    return _went_down(status, fresh, at) if verdict is MonitorState.DOWN else _recovered(status, at)


def forget(status: MonitorStatus, now: datetime) -> MonitorStatus:
    """Its monitor was taken out of the file. Should it come back, it is judged as a new one, by newer facts only."""
    return status if status.state is None else _changed(status, state=None, since=now)


def needed(quorum: str | int, answered: int) -> int:
    """How many of the regions that answered must say down. A number is capped: fewer regions must not mean silence."""
    rules = {"majority": answered // 2 + 1, "all": answered, "any": 1}
    return rules[quorum] if isinstance(quorum, str) else min(quorum, answered)


def _verdict(before: MonitorState | None, quorum: str | int, fresh: tuple[Vote, ...]) -> MonitorState | None:
    """Opening asks for the quorum, closing for a strict majority that is up; in between nothing changes."""
    if not fresh:
        return None
    down = sum(vote.state is MonitorState.DOWN for vote in fresh)
    if down >= needed(quorum, len(fresh)):
        return MonitorState.DOWN
    return MonitorState.UP if 2 * (len(fresh) - down) > len(fresh) else before


def _went_down(status: MonitorStatus, fresh: tuple[Vote, ...], at: datetime) -> tuple[MonitorStatus, tuple[Event, ...]]:
    failing = tuple(vote for vote in fresh if vote.state is MonitorState.DOWN)
    regions = tuple(sorted(vote.region for vote in failing))
    started_at = min(vote.since for vote in failing)
    event = MonitorWentDown(
        occurred_at=at,
        monitor_id=status.monitor_id,
        service_id=status.service_id,
        started_at=started_at,
        regions=regions,
        message=_what_regions_say(failing),
    )
    changed = _changed(
        status, state=MonitorState.DOWN, since=started_at, changed_at=at, message=event.message, regions_down=regions
    )
    return changed, (event,)


def _recovered(status: MonitorStatus, at: datetime) -> tuple[MonitorStatus, tuple[Event, ...]]:
    event = MonitorRecovered(occurred_at=at, monitor_id=status.monitor_id, service_id=status.service_id)
    return _changed(status, state=MonitorState.UP, since=at, changed_at=at), (event,)


def _changed(status: MonitorStatus, **fields: object) -> MonitorStatus:
    fresh: dict[str, object] = {"message": "", "regions_down": ()}
    return status.model_copy(update=fresh | fields)


def _what_regions_say(failing: tuple[Vote, ...]) -> str:
    messages = list(dict.fromkeys(vote.message for vote in sorted(failing, key=lambda vote: vote.region)))
    if len(messages) == 1:
        return messages[0]
    return "; ".join(f"{vote.region}: {vote.message}" for vote in sorted(failing, key=lambda vote: vote.region))
