"""One run of a shard: what it has found so far, and what the region therefore thinks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Self

from tocsin.domain.check_plan import ShardDue
from tocsin.domain.checks import CheckResult, Monitor, Shard
from tocsin.domain.events import ObservationChanged
from tocsin.domain.region_view import RegionView, observe


@dataclass(frozen=True)
class ShardRun:
    """`events` are those not saved yet; `base` is the view, and `told` the number of results, that were saved last.

    When `superseded`, another run has seen to the same minute.
    """

    due: ShardDue
    monitors: Mapping[str, Monitor]
    view: RegionView
    base: RegionView
    told: int = 0
    results: tuple[CheckResult, ...] = ()
    events: tuple[ObservationChanged, ...] = ()
    has_unsaved: bool = False
    superseded: bool = False

    @classmethod
    def of(cls, due: ShardDue, shard: Shard, view: RegionView) -> Self:
        """The view's version counts the saves of the run's own minute, of which there are none yet."""
        monitors = {monitor.monitor_id: monitor for monitor in shard.monitors}
        begun = view.only(monitors).model_copy(update={"minute": due.minute, "version": 0})
        return cls(due, monitors, begun, begun)

    def observe(self, result: CheckResult) -> Self:
        view, events = observe(self.view, result, self.monitors[result.monitor_id])
        results, events = (*self.results, result), (*self.events, *events)
        return replace(self, view=view, results=results, events=events, has_unsaved=True)

    def saved(self, stored: RegionView) -> Self:
        return replace(self, view=stored, base=stored, told=len(self.results), events=(), has_unsaved=False)

    def taken_back(self, excused: Callable[[CheckResult], CheckResult]) -> Self:
        """As if what was found since the last save had been found so."""
        run = replace(self, view=self.base, results=self.results[: self.told], events=())
        for result in self.results[self.told :]:
            run = run.observe(excused(result))
        return run

    def given_up(self) -> Self:
        """Somebody else sees to this minute: what was found is of no use, and its events are not told."""
        return replace(self, events=(), has_unsaved=False, superseded=True)

    def is_overtaken_by(self, stored: RegionView) -> bool:
        """Whether somebody else has saved this minute, or a later one, since this run did."""
        return stored.minute is not None and (stored.minute, stored.version) > (self.due.minute, self.view.version)
