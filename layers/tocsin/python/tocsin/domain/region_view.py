"""What one region thinks of the monitors in one of its shards, and when it changes its mind."""

from collections.abc import Collection
from datetime import timedelta

from pydantic import Field

from tocsin.domain.checks import CheckResult, CheckState, Confirmation, Monitor
from tocsin.domain.confirming import REMEMBERED, SIGNS, Mind, failures_among, made_up
from tocsin.domain.events import ObservationChanged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Instant, Record

USUALLY = timedelta(minutes=1)


class MonitorView(Record):
    """`state` is None until something is confirmed; `since` is the first check that found the state.

    `recent` are the signs of the latest checks, newest last; a monitor that is up forgets the successes it begins with.
    While the last check contradicts the state, `turning_since` is the first in a row that does, and `run_since` the
    first in a row that found just the same. `checked_at` is the last check that was not inconclusive, and `every` how
    often there is one: a vote's age. `message` is what was found last, empty when up.
    """

    state: MonitorState | None = None
    since: Instant | None = None
    checked_at: Instant | None = None
    recent: str = ""
    turning_since: Instant | None = None
    run_since: Instant | None = None
    flapping: bool = False
    message: str = ""
    every: timedelta = USUALLY


class RegionView(Record):
    """`minute` is the newest one that a run has seen to; `stamped_at` is when it was saved."""

    region: str
    shard_id: str
    monitors: dict[str, MonitorView] = Field(default_factory=dict)
    minute: Instant | None = None
    stamped_at: Instant | None = None
    version: int = 0

    def only(self, monitor_ids: Collection[str]) -> "RegionView":
        """Without the monitors that have left the shard."""
        kept = {name: known for name, known in self.monitors.items() if name in monitor_ids}
        return self.model_copy(update={"monitors": kept})


def observe(
    view: RegionView, result: CheckResult, monitor: Monitor
) -> tuple[RegionView, tuple[ObservationChanged, ...]]:
    """What the region thinks after a check. A result that is late, a copy, or inconclusive changes nothing."""
    before = view.monitors.get(monitor.monitor_id, MonitorView())
    if result.state is CheckState.INCONCLUSIVE or _is_late(result, before):
        return view, ()
    after = _after(before, result, monitor)
    changed = view.model_copy(update={"monitors": view.monitors | {monitor.monitor_id: after}})
    return changed, _changes(view.region, monitor, before, after)


def would_be_news(view: MonitorView, result: CheckResult) -> bool:
    """Whether the check found worse than what is known: such a one is looked at again."""
    if result.state is CheckState.DOWN:
        return view.state is not MonitorState.DOWN
    return result.state is CheckState.DEGRADED and view.state in (MonitorState.UP, None)


def _is_late(result: CheckResult, before: MonitorView) -> bool:
    return before.checked_at is not None and result.checked_at <= before.checked_at


def _after(before: MonitorView, result: CheckResult, monitor: Monitor) -> MonitorView:
    sign = SIGNS[result.state]
    recent = (before.recent + sign)[-REMEMBERED:]
    run_since = (before.run_since if before.recent.endswith(sign) else None) or result.checked_at
    turning_since = before.turning_since or result.checked_at
    mind = made_up(Mind(before.state, before.flapping), recent, monitor.confirm)
    agrees = mind.state is not None and mind.state.value == result.state.value
    return MonitorView(
        state=mind.state,
        since=before.since
        if mind.state is before.state
        else (turning_since if mind.state is MonitorState.DEGRADED else run_since),
        checked_at=result.checked_at,
        recent=recent.lstrip("+") if mind.state is MonitorState.UP else recent,
        turning_since=None if agrees else turning_since,
        run_since=None if agrees else run_since,
        flapping=mind.flapping,
        message=_message(before, result, mind, recent, monitor.confirm),
        every=monitor.every,
    )


def _message(before: MonitorView, result: CheckResult, mind: Mind, recent: str, confirm: Confirmation) -> str:
    if mind.flapping and confirm.flapping:
        failed, latest = failures_among(recent, confirm.flapping.of), confirm.flapping.of
        found = f"flapping: {failed} of the last {latest} checks failed; last: {result.message}"
        return found if result.state is CheckState.DOWN else before.message
    if result.state is not CheckState.UP or before.flapping:
        return result.message
    return "" if mind.state is MonitorState.UP else before.message


def _is_seen_up_again(before: MonitorView, after: MonitorView) -> bool:
    """After a gap: its vote had grown old, or it was not watched and is forgotten, and the sweeper asks about what is
    not up. A failure is not told that way, for it would be saved before it can be taken back.
    """
    if before.checked_at is None or after.checked_at is None or after.turning_since:
        return False
    gap = after.checked_at - before.checked_at
    return after.state is MonitorState.UP and gap > 2 * max(after.every, USUALLY)


def _changes(region: str, monitor: Monitor, before: MonitorView, after: MonitorView) -> tuple[ObservationChanged, ...]:
    """A region that begins or ceases to call an outage flapping says so, too."""
    if after.state is None or after.since is None or after.checked_at is None:
        return ()
    if not _is_seen_up_again(before, after) and (after.state, after.flapping) == (before.state, before.flapping):
        return ()
    change = ObservationChanged(
        occurred_at=after.checked_at,
        monitor_id=monitor.monitor_id,
        region=region,
        state=after.state,
        since=after.since,
        flapping=after.flapping,
        message=after.message,
    )
    return (change,)
