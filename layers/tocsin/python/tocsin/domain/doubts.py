"""Where what was judged may not hold any more though no region has changed its mind: votes grow old, and come back.

The sweeper looks over what the regions say now. A monitor of which every fresh vote says up, and which is shown as up,
is as it should be, and costs nothing. Of the others it remembers what was said when it asked for a judgement, and asks
again when that changes, or after a while: whatever message was lost, what it would have done is done then.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from tocsin.domain.confirming import SIGNS
from tocsin.domain.events import MonitorDoubted
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Instant, Record
from tocsin.domain.region_view import MonitorView, RegionView
from tocsin.domain.votes import is_fresh

ASKED_AGAIN = timedelta(minutes=15)
UNKNOWN = "unknown"
SILENT = "?"


class Asked(Record):
    """`said` is what the regions said then: a sign for each, in their order. One `left_alone` is not watched."""

    said: str
    asked_at: Instant
    left_alone: bool = False


class Doubts(Record):
    """What was asked about and has not become as it should be, by monitor."""

    asked: dict[str, Asked]
    version: int = 0

    @property
    def unknown(self) -> int:
        """How many monitors are watched and seen by nobody."""
        return sum(each.said == UNKNOWN and not each.left_alone for each in self.asked.values())


def unusual(
    views: Iterable[RegionView], now: datetime, silent: Iterable[str] = (), not_up: Iterable[str] = ()
) -> dict[str, str]:
    """What the regions say of each monitor that is not simply up.

    `silent` are the heartbeats that are down, `not_up` the monitors that are shown as anything but up.
    """
    known: dict[str, dict[str, MonitorView]] = defaultdict(dict)
    for view in views:
        for monitor_id, seen in view.monitors.items():
            known[monitor_id][view.region] = _newer(known[monitor_id].get(view.region), seen)
    said = {monitor_id: _said(by_region, now) for monitor_id, by_region in known.items()}
    up, down = (SIGNS[state] for state in (MonitorState.UP, MonitorState.DOWN))
    shown_otherwise = dict.fromkeys(not_up, up) | dict.fromkeys(silent, down)
    return shown_otherwise | {monitor_id: signs for monitor_id, signs in said.items() if signs}


def to_ask(doubts: Doubts, said: Mapping[str, str], now: datetime) -> dict[str, str]:
    """The monitors to be judged again, and why: what is said of them has changed, or it was long ago."""
    changed = {
        monitor_id: _reason(signs)
        for monitor_id, signs in said.items()
        if not _was_asked(doubts.asked.get(monitor_id), signs, now)
    }
    over = {
        monitor_id: "no region has anything against it any more"
        for monitor_id in doubts.asked
        if monitor_id not in said
    }
    return changed | over


def remembered(
    doubts: Doubts, said: Mapping[str, str], asking: Collection[str], left_alone: Collection[str], now: datetime
) -> Doubts:
    """After asking about some: of the others what was remembered stays."""
    asked = {
        monitor_id: Asked(said=signs, asked_at=now, left_alone=monitor_id in left_alone)
        if monitor_id in asking
        else doubts.asked[monitor_id]
        for monitor_id, signs in said.items()
    }
    return doubts.model_copy(update={"asked": asked})


def questions(asking: Mapping[str, str], left_alone: Collection[str], now: datetime) -> tuple[MonitorDoubted, ...]:
    return tuple(
        MonitorDoubted(occurred_at=now, monitor_id=monitor_id, reason=reason)
        for monitor_id, reason in asking.items()
        if monitor_id not in left_alone
    )


def waiting(statuses: Iterable[MonitorStatus], now: datetime) -> dict[str, str]:
    """Those whose alert is held or suppressed, and that are due."""
    due = (status for status in statuses if status.due_at is not None and status.due_at <= now)
    return {status.monitor_id: "its alert waits for what it depends on" for status in due}


def _newer(one: MonitorView | None, other: MonitorView) -> MonitorView:
    """A monitor that has moved is in two shards of its region for a while."""
    if one is None or one.checked_at is None:
        return other
    return other if other.checked_at is not None and other.checked_at > one.checked_at else one


def _said(by_region: Mapping[str, MonitorView], now: datetime) -> str:
    signs = "".join(_sign(view, now) for _, view in sorted(by_region.items()))
    fresh = set(signs) - {SILENT}
    if not fresh:
        return UNKNOWN
    return "" if fresh == {SIGNS[MonitorState.UP]} else signs


def _sign(view: MonitorView, now: datetime) -> str:
    votes = view.state is not None and view.checked_at is not None and is_fresh(view.checked_at, view.every, now)
    return SIGNS[view.state] if votes and view.state else SILENT


def _was_asked(before: Asked | None, signs: str, now: datetime) -> bool:
    return before is not None and before.said == signs and now - before.asked_at < ASKED_AGAIN


def _reason(signs: str) -> str:
    return "no region has a fresh vote" if signs == UNKNOWN else f"the regions say {signs}"
