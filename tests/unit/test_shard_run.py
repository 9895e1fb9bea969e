"""A run and those it meets: the minutes before and after, and a copy of itself."""

from collections.abc import Iterable

import pytest

from tests.support.builders import NOON, a_monitor, after
from tests.support.checks import REGION, an_empty_view, told, up
from tocsin.domain.check_plan import ShardDue
from tocsin.domain.checks import CheckResult, Shard
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import RegionView
from tocsin.domain.shard_run import ShardRun


def a_run(view: RegionView, results: Iterable[CheckResult] = (), *, minute: int = 0) -> ShardRun:
    shard = Shard(region=REGION, shard_id="s1", monitors=(a_monitor(), a_monitor("db")))
    due = ShardDue(region=REGION, shard_id="s1", minute=after(minutes=minute), fingerprint="f1")
    run = ShardRun.of(due, shard, view)
    for result in results:
        run = run.observe(result)
    return run


def stored(run: ShardRun) -> RegionView:
    return run.view.model_copy(update={"version": run.view.version + 1})


def states(run: ShardRun) -> dict[str, MonitorState | None]:
    return {name: known.state for name, known in run.view.monitors.items()}


def test_a_run_gathers_what_it_finds() -> None:
    run = a_run(an_empty_view(), [up(0), up(1, "db")])

    assert states(run) == {"shop": MonitorState.UP, "db": MonitorState.UP}
    assert [event.monitor_id for event in run.events] == ["shop", "db"]
    assert run.results == (up(0), up(1, "db"))
    assert run.has_unsaved
    assert run.view.minute == NOON


def test_what_is_saved_is_not_said_again() -> None:
    run = a_run(an_empty_view(), [up(0)])

    run = run.saved(stored(run))

    assert (run.events, run.has_unsaved, run.results) == ((), False, (up(0),))
    assert run.observe(up(1, "db")).has_unsaved


def test_a_monitor_that_left_the_shard_leaves_the_view() -> None:
    view, _ = told([up(-60, "gone")], a_monitor("gone"))

    assert states(a_run(view)) == {}


@pytest.mark.parametrize(
    ("minutes", "saves", "overtaken"),
    [
        pytest.param(None, 0, False, id="nobody has saved anything"),
        pytest.param(-1, 3, False, id="the minute before"),
        pytest.param(0, 1, False, id="what it saved itself"),
        pytest.param(0, 2, True, id="a copy of it has saved, too"),
        pytest.param(1, 1, True, id="the next minute"),
    ],
)
def test_a_run_knows_who_has_overtaken_it(minutes: int | None, saves: int, overtaken: bool) -> None:
    run = a_run(an_empty_view(), [up(0)])
    run = run.saved(stored(run))
    minute = None if minutes is None else after(minutes=minutes)

    assert run.is_overtaken_by(an_empty_view(minute=minute, version=saves)) is overtaken


def test_a_run_that_was_overtaken_tells_nothing() -> None:
    beaten = a_run(an_empty_view(), [up(0)]).given_up()

    assert (beaten.superseded, beaten.has_unsaved, beaten.events) == (True, False, ())
