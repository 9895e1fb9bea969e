"""One run of a shard: what it has found so far, and what the region therefore thinks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from tocsin.domain.check_plan import ShardDue
from tocsin.domain.checks import CheckResult, Monitor, Shard
from tocsin.domain.events import ObservationChanged
from tocsin.domain.region_view import RegionView, observe


@dataclass(frozen=True)
class ShardRun:
    """`events` are those not saved yet. When `superseded`, another run has seen to the same minute."""

    due: ShardDue
    monitors: Mapping[str, Monitor]
    view: RegionView
    results: tuple[CheckResult, ...] = ()
    events: tuple[ObservationChanged, ...] = ()
    has_saved: bool = False
    has_unsaved: bool = False
    superseded: bool = False

    @classmethod
    def of(cls, due: ShardDue, shard: Shard, view: RegionView) -> Self:
        monitors = {monitor.monitor_id: monitor for monitor in shard.monitors}
        return cls(due, monitors, _begun(view, due.minute, monitors))

    def observe(self, result: CheckResult) -> Self:
        if self.superseded:
            return self
        view, events = observe(self.view, result, self.monitors[result.monitor_id])
        results, events = (*self.results, result), (*self.events, *events)
        return replace(self, view=view, results=results, events=events, has_unsaved=True)

    def saved(self, stored: RegionView) -> Self:
        return replace(self, view=stored, events=(), has_saved=True, has_unsaved=False)

    def onto(self, newer: RegionView) -> Self:
        """The same findings on a view that somebody else has saved meanwhile; what it already knows counts once."""
        if newer.minute == self.due.minute and not self.has_saved:
            return replace(self, view=newer, results=(), events=(), has_unsaved=False, superseded=True)
        run = replace(self, view=_begun(newer, self.due.minute, self.monitors), results=(), events=())
        for result in self.results:
            run = run.observe(result)
        return run


def _begun(view: RegionView, minute: datetime, monitors: Mapping[str, Monitor]) -> RegionView:
    newest = minute if view.minute is None else max(view.minute, minute)
    return view.only(monitors).model_copy(update={"minute": newest})
