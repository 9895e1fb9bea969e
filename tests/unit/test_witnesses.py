"""A region that fails with everything asks its witnesses before it says so."""

from collections.abc import Iterable

from tests.support.builders import NOON, a_monitor, after
from tests.support.checks import REGION, an_empty_view, down, inconclusive, told, up
from tocsin.domain.blindness import BLIND
from tocsin.domain.check_plan import ShardDue
from tocsin.domain.checks import CheckResult, CheckState, Shard
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import RegionView
from tocsin.domain.shard_run import ShardRun
from tocsin.domain.witnesses import GOOD_FOR, PATIENCE, PUBLIC, Suspicion, weigh, witnesses

NAMES = ("a", "b", "c", "d")
ASKED = witnesses(("https://one.example/", "https://two.example/"), None)
ONE, TWO = (witness.monitor_id for witness in ASKED)


def all_up() -> RegionView:
    view = an_empty_view()
    for name in NAMES:
        view, _ = told([up(-60, name)], a_monitor(name), view)
    return view


def begun(view: RegionView | None = None) -> tuple[ShardRun, Suspicion]:
    shard = Shard(region=REGION, shard_id="s1", monitors=tuple(a_monitor(name) for name in NAMES))
    due = ShardDue(region=REGION, shard_id="s1", minute=NOON, fingerprint="f1")
    asked = {witness.monitor_id: witness for witness in ASKED}
    return ShardRun.of(due, shard, view or all_up()), Suspicion(asked, to_check=len(NAMES))


def hear(at: tuple[ShardRun, Suspicion], results: Iterable[CheckResult]) -> tuple[ShardRun, Suspicion]:
    for result in results:
        at = weigh(*at, result)
    return at


def everything_fails(at: float, names: Iterable[str] = NAMES) -> list[CheckResult]:
    return [down(at + place / 10, name) for place, name in enumerate(names)]


def said(run: ShardRun) -> list[tuple[str, MonitorState]]:
    return [(event.monitor_id, event.state) for event in run.events]


TWICE = [*everything_fails(1), *everything_fails(3)]


def test_a_target_that_fails_alone_is_told_without_asking_anybody() -> None:
    run, suspicion = hear(begun(), [up(1, "a"), up(1, "b"), up(1, "c"), down(1, "d"), down(3, "d")])

    assert said(run) == [("d", MonitorState.DOWN)]
    assert not suspicion.waiting


def test_when_most_targets_fail_nothing_is_said_until_a_witness_has_answered() -> None:
    run, suspicion = hear(begun(), TWICE)

    assert said(run) == []
    assert suspicion.waiting == {ONE, TWO}
    run, suspicion = hear((run, suspicion), [up(3.5, TWO)])
    assert said(run) == [(name, MonitorState.DOWN) for name in NAMES]
    assert (suspicion.waiting, suspicion.withheld, suspicion.was_blind) == (frozenset(), (), False)


def test_a_refusal_is_an_answer_too() -> None:
    refused = up(3.5, ONE).model_copy(update={"state": CheckState.DOWN, "status": 503})

    run, _ = hear(begun(), [*TWICE, refused])

    assert len(said(run)) == len(NAMES)


def test_a_region_whose_witnesses_are_silent_abstains_and_takes_back_what_it_thought() -> None:
    run, suspicion = hear(begun(), [*TWICE, down(3.5, ONE), inconclusive(4, TWO)])

    assert said(run) == []
    assert suspicion.was_blind
    assert {result.state for result in run.results} == {CheckState.INCONCLUSIVE}
    assert {result.message for result in run.results} == {BLIND}
    assert run.view.monitors == all_up().monitors


def test_what_a_blind_region_has_seen_all_the_same_counts() -> None:
    answered = down(2, "d").model_copy(update={"failures": (), "status": 500})

    run, _ = hear(begun(), [*everything_fails(1, "abc"), answered, down(3, ONE), down(3, TWO)])

    assert [result.state for result in run.results if result.monitor_id == "d"] == [CheckState.DOWN]


def test_what_the_witnesses_said_holds_for_a_while_and_is_then_asked_again() -> None:
    at = hear(begun(), [*everything_fails(1), down(2, ONE), down(2, TWO)])

    run, suspicion = hear(at, everything_fails(3))
    assert (said(run), suspicion.waiting) == ([], frozenset())
    late = 2.1 + GOOD_FOR.total_seconds()
    run, suspicion = hear((run, suspicion), everything_fails(late))
    assert suspicion.waiting == {ONE, TWO}
    run, suspicion = hear((run, suspicion), [*everything_fails(late + 2), up(late + 2.5, ONE)])
    assert said(run) == [(name, MonitorState.DOWN) for name in NAMES]


def test_the_witnesses_are_asked_once_by_the_failure_that_raised_the_doubt() -> None:
    at, asked = begun(), []
    for result in everything_fails(1):
        at = weigh(*at, result)
        asked.append([check.monitor for check in at[1].to_ask(result)])

    assert asked == [[], [], list(ASKED), []]


def test_a_late_witness_changes_nothing() -> None:
    at = hear(begun(), [*TWICE, up(3.5, ONE)])

    assert hear(at, [down(5, TWO)]) == at


def test_what_was_saved_before_the_doubt_is_not_taken_back() -> None:
    run, suspicion = hear(begun(), [up(0.5, "a")])
    run = run.saved(run.view.model_copy(update={"version": 1}))

    run, suspicion = hear((run, suspicion), [*everything_fails(1, "bcd"), down(2, ONE), down(2, TWO)])

    assert run.results[0] == up(0.5, "a")
    assert run.view.monitors["a"].checked_at == after(seconds=0.5)


def test_who_is_asked() -> None:
    assert [witness.check.url for witness in witnesses((), None)] == list(PUBLIC)  # type: ignore[union-attr]
    assert [witness.monitor_id for witness in witnesses((), "http://localhost:4566")] == [
        "witness http://localhost:4566"
    ]
    assert {witness.timeout for witness in ASKED} == {PATIENCE}
