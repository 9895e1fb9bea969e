"""When one region changes its mind about a monitor, and what it says then."""

import pytest

from tests.support.builders import a_monitor, after
from tests.support.checks import REGION, an_empty_view, down, inconclusive, told, up
from tocsin.domain.checks import CheckResult, Confirmation
from tocsin.domain.events import ObservationChanged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import MonitorView


def says_up(seconds: float, since: float) -> ObservationChanged:
    at, began = after(seconds=seconds), after(seconds=since)
    return ObservationChanged(occurred_at=at, monitor_id="shop", region=REGION, state=MonitorState.UP, since=began)


def says_down(seconds: float, since: float, message: str = "connection refused") -> ObservationChanged:
    at, began = after(seconds=seconds), after(seconds=since)
    return ObservationChanged(
        occurred_at=at, monitor_id="shop", region=REGION, state=MonitorState.DOWN, since=began, message=message
    )


@pytest.mark.parametrize(
    ("results", "said"),
    [
        pytest.param([], [], id="nothing checked, nothing said"),
        pytest.param([up(0)], [says_up(0, 0)], id="the first success is enough for an unknown monitor"),
        pytest.param([up(0), up(60), up(120)], [says_up(0, 0)], id="staying up says nothing more"),
        pytest.param([down(0)], [], id="one failure is not enough for an unknown monitor"),
        pytest.param([down(0), down(2)], [says_down(2, 0)], id="an unknown monitor goes down as any other"),
        pytest.param([down(0), up(2)], [says_up(2, 2)], id="unknown, one failure, then up"),
        pytest.param([up(0), down(60)], [says_up(0, 0)], id="one failure is not an outage"),
        pytest.param([up(0), down(60), up(62), down(120), up(122)], [says_up(0, 0)], id="single failures never add up"),
        pytest.param(
            [up(0), down(60), down(62)],
            [says_up(0, 0), says_down(62, 60)],
            id="down since the first failure, not since the one that confirmed it",
        ),
        pytest.param(
            [up(0), down(60, message="slow"), down(62, message="refused")],
            [says_up(0, 0), says_down(62, 60, "refused")],
            id="the message is the latest failure's",
        ),
        pytest.param(
            [down(0), down(2), up(60), up(120)],
            [says_down(2, 0), says_up(120, 60)],
            id="up again since the first success",
        ),
        pytest.param([down(0), down(2), up(60), down(120)], [says_down(2, 0)], id="one success is not a recovery"),
        pytest.param(
            [down(0), down(2), up(60), down(120), up(180), up(240)],
            [says_down(2, 0), says_up(240, 180)],
            id="a failure in between begins the recovery anew",
        ),
        pytest.param(
            [up(0), down(60), inconclusive(61), down(62)],
            [says_up(0, 0), says_down(62, 60)],
            id="inconclusive neither confirms nor interrupts",
        ),
        pytest.param([inconclusive(0), inconclusive(60), inconclusive(120)], [], id="inconclusive stays unknown"),
        pytest.param([up(0), down(60), down(60)], [says_up(0, 0)], id="a copy does not confirm"),
        pytest.param([up(0), down(60), up(120), down(60)], [says_up(0, 0)], id="a late result is not a new one"),
        pytest.param([up(60), down(0), down(2)], [says_up(60, 60)], id="older results than the first change nothing"),
    ],
)
def test_a_region_says_what_changed(results: list[CheckResult], said: list[ObservationChanged]) -> None:
    _, events = told(results)

    assert events == said


@pytest.mark.parametrize(
    ("failures", "recoveries", "opens_after", "closes_after"),
    [
        pytest.param(1, 1, 1, 1, id="at once"),
        pytest.param(2, 2, 2, 2, id="the default"),
        pytest.param(1, 5, 1, 5, id="quick to open, slow to close"),
        pytest.param(4, 1, 4, 1, id="slow to open, quick to close"),
    ],
)
def test_opening_and_closing_have_their_own_counts(
    failures: int, recoveries: int, opens_after: int, closes_after: int
) -> None:
    monitor = a_monitor(confirm=Confirmation(failures=failures, recoveries=recoveries))
    story = [up(0), *(down(60 * n) for n in range(1, 11)), *(up(60 * n) for n in range(11, 21))]

    _, events = told(story, monitor)

    assert events == [says_up(0, 0), says_down(60 * opens_after, 60), says_up(60 * (10 + closes_after), 660)]


@pytest.mark.parametrize(
    ("results", "known"),
    [
        pytest.param([up(0)], MonitorView(state=MonitorState.UP, since=after(), checked_at=after()), id="up"),
        pytest.param(
            [up(0), up(60)],
            MonitorView(state=MonitorState.UP, since=after(), checked_at=after(seconds=60)),
            id="a vote stays fresh",
        ),
        pytest.param(
            [up(0), down(60)],
            MonitorView(
                state=MonitorState.UP,
                since=after(),
                checked_at=after(seconds=60),
                recent="-",
                turning_since=after(seconds=60),
                run_since=after(seconds=60),
                message="connection refused",
            ),
            id="up, but in doubt",
        ),
        pytest.param(
            [up(0), down(60), up(62)],
            MonitorView(state=MonitorState.UP, since=after(), checked_at=after(seconds=62), recent="-+"),
            id="the doubt is gone",
        ),
        pytest.param(
            [down(0), down(2, message="slow"), down(60, message="refused")],
            MonitorView(
                state=MonitorState.DOWN, since=after(), checked_at=after(seconds=60), recent="---", message="refused"
            ),
            id="down, with what was found last",
        ),
        pytest.param(
            [down(0), down(2), up(60)],
            MonitorView(
                state=MonitorState.DOWN,
                since=after(),
                checked_at=after(seconds=60),
                recent="--+",
                turning_since=after(seconds=60),
                run_since=after(seconds=60),
                message="connection refused",
            ),
            id="down, perhaps recovering",
        ),
    ],
)
def test_what_is_known_of_a_monitor(results: list[CheckResult], known: MonitorView) -> None:
    view, _ = told(results)

    assert view.monitors == {"shop": known}


def test_an_inconclusive_check_does_not_keep_a_vote_fresh() -> None:
    before, _ = told([up(0)])

    after_it, _ = told([inconclusive(60)], view=before)

    assert after_it == before


def test_monitors_do_not_mix() -> None:
    view, _ = told([up(0)])
    view, events = told([down(1, "db"), down(3, "db")], a_monitor("db"), view)

    assert {name: known.state for name, known in view.monitors.items()} == {
        "shop": MonitorState.UP,
        "db": MonitorState.DOWN,
    }
    assert [event.monitor_id for event in events] == ["db"]


def test_a_monitor_that_left_the_shard_is_forgotten() -> None:
    view, _ = told([up(0)])
    view, _ = told([up(0, "db")], a_monitor("db"), view)

    assert set(view.only({"db", "new"}).monitors) == {"db"}


def test_a_region_that_had_lost_sight_of_a_monitor_says_what_it_sees_though_it_is_the_same() -> None:
    """Meanwhile it may have been paused: nothing is said of it until somebody says something."""
    _, said = told([up(0), up(60), up(60 + 121), down(400)])

    assert said == [says_up(0, since=0), says_up(181, since=0)]


def test_a_view_begins_empty() -> None:
    assert an_empty_view().monitors == {}
