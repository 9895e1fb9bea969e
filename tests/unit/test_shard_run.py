"""A run and those it meets: the next minute's, and a copy of itself."""

from collections.abc import Iterable

from tests.support.builders import NOON, a_monitor, after
from tests.support.checks import REGION, an_empty_view, down, told, up
from tocsin.domain.check_plan import ShardDue
from tocsin.domain.checks import CheckResult, Shard
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import RegionView
from tocsin.domain.shard_run import ShardRun


def a_run(view: RegionView, results: Iterable[CheckResult] = (), *, minute: int = 0) -> ShardRun:
    shard = Shard(region=REGION, shard_id="s1", monitors=(a_monitor(), a_monitor("db")))
    run = ShardRun.of(ShardDue(region=REGION, shard_id="s1", minute=after(minutes=minute)), shard, view)
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


def test_a_run_that_lost_the_race_tells_its_findings_to_the_newer_view() -> None:
    known, _ = told([up(-60)])
    run = a_run(known, [down(1), down(3), up(3, "db")])
    overtaking = a_run(known, [up(2)], minute=1)

    again = run.onto(stored(overtaking))

    assert states(again) == {"shop": MonitorState.UP, "db": MonitorState.UP}, (
        "the success at 2 s came after the first failure"
    )
    assert again.view.monitors["shop"].recent == "-"
    assert again.results == run.results
    assert again.view.minute == after(minutes=1), "the newest minute stays"


def test_what_the_newer_view_knows_already_counts_once() -> None:
    run = a_run(an_empty_view(), [down(1), down(3)])
    saved = stored(run)

    again = run.saved(saved).onto(saved)

    assert again.view == saved
    assert again.events == ()


def test_a_copy_of_a_run_that_has_saved_already_gives_up() -> None:
    first, copy = a_run(an_empty_view(), [down(1), down(3)]), a_run(an_empty_view(), [down(2), down(4)])

    beaten = copy.onto(stored(first))

    assert beaten.superseded
    assert (beaten.results, beaten.events, beaten.has_unsaved) == ((), (), False)
    assert beaten.observe(up(5)) == beaten
