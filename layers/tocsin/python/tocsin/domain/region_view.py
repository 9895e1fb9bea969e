"""What one region thinks of the monitors in one of its shards, and when it changes its mind."""

from collections.abc import Collection

from pydantic import Field

from tocsin.domain.checks import CheckResult, CheckState, Monitor
from tocsin.domain.events import ObservationChanged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Instant, Record


class MonitorView(Record):
    """`state` is None until something is confirmed; `since` is the first check that found the state.

    `streak` counts the latest checks in a row that contradict `state` (failures while it is None), and
    `turning_since` is the first of them. `checked_at` is the last check that said up or down: a vote's age.
    `message` is what the last failure found, empty when up.
    """

    state: MonitorState | None = None
    since: Instant | None = None
    checked_at: Instant | None = None
    streak: int = 0
    turning_since: Instant | None = None
    message: str = ""


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
    """What the region thinks after a check. A result that is late, a copy, or inconclusive changes nothing.

    The first success makes an unknown monitor up at once; everything else takes `monitor.confirm`.
    """
    before = view.monitors.get(monitor.monitor_id, MonitorView())
    if result.state is CheckState.INCONCLUSIVE or _is_late(result, before):
        return view, ()
    after = _failed(before, result, monitor) if result.state is CheckState.DOWN else _succeeded(before, result, monitor)
    changed = view.model_copy(update={"monitors": view.monitors | {monitor.monitor_id: after}})
    return changed, _changes(view.region, monitor, before, after)


def _is_late(result: CheckResult, before: MonitorView) -> bool:
    return before.checked_at is not None and result.checked_at <= before.checked_at


def _failed(before: MonitorView, result: CheckResult, monitor: Monitor) -> MonitorView:
    if before.state is MonitorState.DOWN:
        return MonitorView(
            state=MonitorState.DOWN, since=before.since, checked_at=result.checked_at, message=result.message
        )
    return _turned(before, result, state=MonitorState.DOWN, needed=monitor.confirm.failures, message=result.message)


def _succeeded(before: MonitorView, result: CheckResult, monitor: Monitor) -> MonitorView:
    if before.state is MonitorState.UP:
        return MonitorView(state=MonitorState.UP, since=before.since, checked_at=result.checked_at)
    if before.state is None:
        return MonitorView(state=MonitorState.UP, since=result.checked_at, checked_at=result.checked_at)
    return _turned(before, result, state=MonitorState.UP, needed=monitor.confirm.recoveries, message=before.message)


def _turned(before: MonitorView, result: CheckResult, *, state: MonitorState, needed: int, message: str) -> MonitorView:
    """One more check against the present state; with enough of them it gives way."""
    since = before.turning_since or result.checked_at
    streak = before.streak + 1
    if streak < needed:
        turning = {"streak": streak, "turning_since": since, "checked_at": result.checked_at, "message": message}
        return before.model_copy(update=turning)
    return MonitorView(
        state=state, since=since, checked_at=result.checked_at, message=message if state is MonitorState.DOWN else ""
    )


def _changes(region: str, monitor: Monitor, before: MonitorView, after: MonitorView) -> tuple[ObservationChanged, ...]:
    if after.state is before.state or after.state is None or after.since is None or after.checked_at is None:
        return ()
    change = ObservationChanged(
        occurred_at=after.checked_at,
        monitor_id=monitor.monitor_id,
        region=region,
        state=after.state,
        since=after.since,
        message=after.message,
    )
    return (change,)
