"""A heartbeat: a monitor that expects to be called, by the rules of Healthchecks.

It is new, and nothing is said of it, until the first call. From the instant at which the next call is due it is late,
from `grace` after that it is down. A run that began and has not ended is down `grace` after its beginning. A failure is
down at once, a success up at once.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.cron import next_run
from tocsin.domain.duration import in_words
from tocsin.domain.events import ObservationChanged
from tocsin.domain.excerpts import excerpt
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Instant, Record
from tocsin.domain.votes import Vote

REGION = "heartbeat"
"""What stands where other monitors name the region that saw something."""


class CallKind(StrEnum):
    START = "start"
    SUCCESS = "success"
    FAIL = "fail"


class Call(Record):
    """`exit_code` is None when the caller gave none; a run's calls have its `run_id` in common."""

    kind: CallKind
    at: Instant
    run_id: str | None = None
    exit_code: int | None = None
    body: str = ""


class Heartbeat(Record):
    """`state` is None while it is new. `called_at` is when a run last ended, well or not; `started_at` and `run_id` are
    of the run that has not ended yet; `lasted` is how long the last one took, None when its beginning was not told.
    """

    monitor_id: str
    state: MonitorState | None = None
    since: Instant | None = None
    called_at: Instant | None = None
    started_at: Instant | None = None
    run_id: str | None = None
    lasted: timedelta | None = None
    message: str = ""
    version: int = 0


class _Wait(NamedTuple):
    """`until` is when grace begins, `in_vain` what is said once it is over."""

    until: datetime
    in_vain: str


Changed = tuple[Heartbeat, tuple[ObservationChanged, ...]]


def receive(heartbeat: Heartbeat, call: Call) -> Changed:
    """The heartbeat after a call, and what that changes."""
    if call.kind is CallKind.START:
        return heartbeat.model_copy(update={"started_at": call.at, "run_id": call.run_id}), ()
    ended = _run_ended(heartbeat, call)
    if call.kind is CallKind.FAIL:
        return _and_news(heartbeat, _turned(ended, MonitorState.DOWN, call.at, _what_failed(call)))
    return _and_news(heartbeat, _turned(ended, MonitorState.UP, call.at))


def pass_time(heartbeat: Heartbeat, check: HeartbeatCheck, now: datetime) -> Changed:
    """The heartbeat at `now`, and what time has changed."""
    return _and_news(heartbeat, known_at(heartbeat, check, now))


def known_at(heartbeat: Heartbeat, check: HeartbeatCheck, now: datetime) -> Heartbeat:
    """Down from the instant at which its grace was over, not from when that was noticed."""
    waited_for = _waited_for(heartbeat, check)
    if waited_for is None or now < waited_for.until + check.grace:
        return heartbeat
    return _turned(heartbeat, MonitorState.DOWN, waited_for.until + check.grace, waited_for.in_vain)


def due_at(heartbeat: Heartbeat, check: HeartbeatCheck) -> datetime | None:
    """When the next call is due: from then on it is late. None for one that is new or down: it waits for nothing."""
    if heartbeat.state is not MonitorState.UP or heartbeat.called_at is None:
        return None
    if check.cron is None:
        return heartbeat.called_at + (check.period or timedelta(0))
    return next_run(check.cron, heartbeat.called_at, check.time_zone)


def down_at(heartbeat: Heartbeat, check: HeartbeatCheck) -> datetime | None:
    """From when on it is down, if no call comes; None when nothing is waited for, or it is down already."""
    waited_for = _waited_for(heartbeat, check)
    return waited_for.until + check.grace if waited_for else None


def is_late(heartbeat: Heartbeat, check: HeartbeatCheck, now: datetime) -> bool:
    """That it is due is shown, but alarms nobody."""
    due = due_at(heartbeat, check)
    return due is not None and due <= now


def vote_of(heartbeat: Heartbeat, check: HeartbeatCheck, now: datetime) -> Vote | None:
    """What it says of its monitor at `now`. It does not age: silence is counted already. None while it is new."""
    known = known_at(heartbeat, check, now)
    if known.state is None or known.since is None:
        return None
    return Vote(region=REGION, state=known.state, since=known.since, checked_at=known.since, message=known.message)


def _run_ended(heartbeat: Heartbeat, call: Call) -> Heartbeat:
    """A run is closed by a call with its id, and by any failure or a success without an id, whose time is not known."""
    told: dict[str, object] = {"called_at": call.at, "lasted": None}
    if heartbeat.started_at and heartbeat.run_id == call.run_id:
        told |= {"lasted": call.at - heartbeat.started_at, "started_at": None, "run_id": None}
    elif call.kind is CallKind.FAIL or call.run_id is None:
        told |= {"started_at": None, "run_id": None}
    return heartbeat.model_copy(update=told)


def _turned(heartbeat: Heartbeat, state: MonitorState, at: datetime, message: str = "") -> Heartbeat:
    since = heartbeat.since if heartbeat.state is state else at
    return heartbeat.model_copy(update={"state": state, "since": since, "message": message})


def _and_news(before: Heartbeat, after: Heartbeat) -> Changed:
    if after.state is before.state or after.state is None or after.since is None:
        return after, ()
    change = ObservationChanged(
        occurred_at=after.since,
        monitor_id=after.monitor_id,
        region=REGION,
        state=after.state,
        since=after.since,
        message=after.message,
    )
    return after, (change,)


def _waited_for(heartbeat: Heartbeat, check: HeartbeatCheck) -> _Wait | None:
    """Of the next call and the end of a run, the one whose grace is over first."""
    if heartbeat.state is MonitorState.DOWN:
        return None
    due, started, grace = due_at(heartbeat, check), heartbeat.started_at, in_words(check.grace)
    waits = []
    if due:
        waits.append(_Wait(due, f"it was due at {_shown(due, check)} and was not called in the {grace} after that"))
    if started:
        waits.append(_Wait(started, f"the run that began at {_shown(started, check)} did not end within {grace}"))
    return min(waits, default=None)


def _what_failed(call: Call) -> str:
    how = "it reported a failure" if call.exit_code is None else f"it ended with exit code {call.exit_code}"
    return f"{how}: {excerpt(call.body)}" if call.body.strip() else how


def _shown(at: datetime, check: HeartbeatCheck) -> str:
    return f"{at.astimezone(ZoneInfo(check.time_zone)):%Y-%m-%d %H:%M %Z}"
