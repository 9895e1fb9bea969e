"""What is said of a monitor, to those who look and to those who are told."""

from datetime import UTC, datetime, timedelta

from tocsin.domain.checks import Monitor
from tocsin.domain.events import (
    MonitorBecameUnknown,
    MonitorDegraded,
    MonitorRecovered,
    MonitorStatusChanged,
    MonitorWentDown,
)
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Event, Instant, Record
from tocsin.domain.suppression import Parent, one_is_back, one_wavers, suppressed_by
from tocsin.domain.votes import Vote, in_words, is_fresh, verdict

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_AN_INSTANT = timedelta(microseconds=1)


class MonitorStatus(Record):
    """What is shown is `state`, None while no fresh vote is known: unknown, and never green.

    `since` is when the state began, `changed_at` the newest fact that made us say so. `told` is what incidents were
    told last; it differs from `state` while the monitor is muted, `muted_by` saying why, or while an alert is held,
    since `held_since`, for what its parents turn out to be. From `due_at` on it is to be judged again each minute.
    """

    monitor_id: str
    service_id: str
    state: MonitorState | None = None
    since: Instant
    changed_at: Instant
    message: str = ""
    regions_down: tuple[str, ...] = ()
    flapping: bool = False
    told: MonitorState | None = None
    muted_by: str | None = None
    held_since: Instant | None = None
    due_at: Instant | None = None
    version: int = 0


def unjudged(monitor: Monitor, now: datetime) -> MonitorStatus:
    """A monitor nobody has voted on yet."""
    return MonitorStatus(monitor_id=monitor.monitor_id, service_id=monitor.service_id, since=now, changed_at=_LONG_AGO)


def judge(
    status: MonitorStatus,
    monitor: Monitor,
    votes: tuple[Vote, ...],
    now: datetime,
    parents: tuple[Parent, ...] = (),
    muted_by: str | None = None,
) -> tuple[MonitorStatus, tuple[Event, ...]]:
    """The new status, and what there is to tell. The votes' own times make late and duplicate calls harmless.

    Only what is probed ages: a heartbeat's silence is counted already. `parents` are all that it depends on, the
    nearest first; `muted_by` is the reason why nobody is to be told now.
    """
    fresh = _fresh(votes, monitor, now, may_begin=status.state is None and status.told is not MonitorState.DOWN)
    newest = max((vote.checked_at for vote in fresh), default=now)
    at = max(newest, status.changed_at + _AN_INSTANT)
    seen = _seen(status, monitor, fresh, at)
    unheard = monitor.is_probed and one_is_back(parents, _against(MonitorState.DOWN, fresh))
    seen = _quiet(seen, parents, muted_by, now, unheard=unheard)
    told, events = _tell(status, seen, fresh, at)
    return (told.model_copy(update={"changed_at": at}) if events else told), events


def forget(status: MonitorStatus, now: datetime) -> MonitorStatus:
    """Its monitor was taken out of the file, or paused. Should it come back, it is judged as a new one.

    That it was forgotten is a change of its own, later than the last: what is told next must be newer than the news of
    the removal, and what it was until now stays in its history.
    """
    if status.state is None and status.told is None:
        return status
    at = max(now, status.changed_at + _AN_INSTANT)
    kept = {"monitor_id", "service_id", "version"}
    return MonitorStatus(**status.model_dump(include=kept), since=now, changed_at=at)


def _fresh(votes: tuple[Vote, ...], monitor: Monitor, now: datetime, *, may_begin: bool) -> tuple[Vote, ...]:
    """Where they `may_begin` an outage of a monitor of which nothing was known, a region whose latest check did not
    fail abstains: it says down by what it had found before a pause or a silence, which nobody was told of then.
    """
    if not monitor.is_probed:
        return votes
    fresh = (vote for vote in votes if is_fresh(vote.checked_at, monitor.every, now))
    return tuple(vote for vote in fresh if not may_begin or vote.failing or vote.state is not MonitorState.DOWN)


def _seen(status: MonitorStatus, monitor: Monitor, fresh: tuple[Vote, ...], at: datetime) -> MonitorStatus:
    """What the regions see, before anybody asks who is to know."""
    state = verdict(status.state, monitor.quorum, fresh)
    against = _against(state, fresh)
    flapping = state is MonitorState.DOWN and any(vote.flapping for vote in against)
    if (state, flapping) == (status.state, status.flapping):
        return status
    found = {
        "service_id": monitor.service_id,
        "state": state,
        "flapping": flapping,
        "message": in_words(against) if against else "",
        "regions_down": _regions(against) if state is MonitorState.DOWN else (),
    }
    since = min((vote.since for vote in against), default=at)
    return status.model_copy(update=found if state is status.state else found | {"since": since, "changed_at": at})


def _quiet(
    seen: MonitorStatus, parents: tuple[Parent, ...], muted_by: str | None, now: datetime, *, unheard: bool
) -> MonitorStatus:
    """Why nobody is to be told, if so, and since when an alert is held until it is known whether anybody is.

    `unheard` when a parent has come back and the monitor was not checked since.
    """
    suppressed = suppressed_by(parents) if seen.state in (MonitorState.DOWN, MonitorState.DEGRADED) else None
    reason = muted_by or suppressed
    is_news = seen.state is MonitorState.DOWN and seen.told is not MonitorState.DOWN
    held_since = (seen.held_since or now) if is_news and not reason else None
    if held_since and not (unheard or one_wavers(parents, seen.since, held_since, now)):
        held_since = None
    waits = held_since or (is_news and suppressed)
    due_at = (seen.due_at or now) if waits else None
    return seen.model_copy(update={"muted_by": reason, "held_since": held_since, "due_at": due_at})


def _tell(
    status: MonitorStatus, seen: MonitorStatus, fresh: tuple[Vote, ...], at: datetime
) -> tuple[MonitorStatus, tuple[Event, ...]]:
    """Told is what differs from what was told last: a recovery only if the failure was, then even while muted."""
    event = _news(seen, fresh, at)
    if event:
        return seen.model_copy(update={"told": seen.state}), (event,)
    if (seen.state, seen.muted_by) == (status.state, status.muted_by):
        return seen, ()
    told = MonitorState.UP if seen.state is MonitorState.UP else seen.told
    return seen.model_copy(update={"told": told}), (_shown(status, seen, at),)


def _news(seen: MonitorStatus, fresh: tuple[Vote, ...], at: datetime) -> Event | None:
    if seen.state is None or seen.state is seen.told:
        return None
    if seen.state is MonitorState.UP:
        return _recovered(seen, at) if seen.told else None
    is_an_end = seen.state is MonitorState.DEGRADED and seen.told is MonitorState.DOWN
    if (seen.muted_by or seen.due_at) and not is_an_end:
        return None
    return _went_down(seen, fresh, at) if seen.state is MonitorState.DOWN else _degraded(seen, fresh, at)


def _went_down(seen: MonitorStatus, fresh: tuple[Vote, ...], at: datetime) -> Event:
    against = _against(MonitorState.DOWN, fresh)
    return MonitorWentDown(
        occurred_at=at,
        monitor_id=seen.monitor_id,
        service_id=seen.service_id,
        started_at=seen.since,
        regions=_regions(against),
        message=in_words(against),
        flapping=seen.flapping,
    )


def _degraded(seen: MonitorStatus, fresh: tuple[Vote, ...], at: datetime) -> Event:
    against = _against(MonitorState.DEGRADED, fresh)
    return MonitorDegraded(
        occurred_at=at,
        monitor_id=seen.monitor_id,
        service_id=seen.service_id,
        started_at=seen.since,
        regions=_regions(against),
        message=in_words(against),
    )


def _recovered(seen: MonitorStatus, at: datetime) -> Event:
    return MonitorRecovered(occurred_at=at, monitor_id=seen.monitor_id, service_id=seen.service_id)


def _shown(status: MonitorStatus, seen: MonitorStatus, at: datetime) -> Event:
    """Of what readers see, not of what anybody is told."""
    if seen.state is None and status.state is not None and not seen.muted_by:
        return MonitorBecameUnknown(occurred_at=at, monitor_id=seen.monitor_id, service_id=seen.service_id)
    return MonitorStatusChanged(occurred_at=at, monitor_id=seen.monitor_id, service_id=seen.service_id)


def _against(state: MonitorState | None, fresh: tuple[Vote, ...]) -> tuple[Vote, ...]:
    """The votes that made it so: those that say down, or for degraded all that do not say up."""
    if state is MonitorState.DOWN:
        return tuple(vote for vote in fresh if vote.state is MonitorState.DOWN)
    return tuple(vote for vote in fresh if state is MonitorState.DEGRADED and vote.state is not MonitorState.UP)


def _regions(votes: tuple[Vote, ...]) -> tuple[str, ...]:
    return tuple(sorted(vote.region for vote in votes))
