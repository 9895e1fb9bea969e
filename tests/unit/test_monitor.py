"""What the regions' votes add up to."""

from datetime import timedelta

import pytest

from tests.support.builders import NOON, a_monitor, a_vote, after
from tocsin.domain.check_plan import LONGEST_RUN
from tocsin.domain.events import MonitorRecovered, MonitorWentDown
from tocsin.domain.monitor import MonitorStatus, judge, unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Event
from tocsin.domain.votes import Vote

MONITOR = a_monitor(every=timedelta(minutes=1))
STATES = {"u": MonitorState.UP, "d": MonitorState.DOWN}
UP = judge(unjudged(MONITOR, NOON), MONITOR, (a_vote("eu", MonitorState.UP),), NOON)[0]
DOWN = judge(UP, MONITOR, (a_vote("eu", MonitorState.DOWN, checked_at=after(minutes=1)),), after(minutes=1))[0]


def votes(pattern: str) -> tuple[Vote, ...]:
    """`uud`: two regions say up, one says down; `.` has not answered for four minutes."""
    ages = {
        "u": (MonitorState.UP, after(minutes=2)),
        "d": (MonitorState.DOWN, after(minutes=2)),
        ".": (MonitorState.DOWN, after(minutes=-2)),
    }
    return tuple(a_vote(f"region-{i}", ages[v][0], checked_at=ages[v][1]) for i, v in enumerate(pattern))


def state_after(before: MonitorStatus, pattern: str, quorum: str | int) -> MonitorState | None:
    monitor = a_monitor(every=timedelta(minutes=1), quorum=quorum)
    return judge(before, monitor, votes(pattern), after(minutes=2))[0].state


@pytest.mark.parametrize(
    ("before", "pattern", "quorum", "expected"),
    [
        pytest.param(UP, "d", "majority", MonitorState.DOWN, id="one region of one is a majority"),
        pytest.param(UP, "du", "majority", MonitorState.UP, id="an even split does not open"),
        pytest.param(DOWN, "du", "majority", MonitorState.DOWN, id="an even split does not close"),
        pytest.param(UP, "ddu", "majority", MonitorState.DOWN, id="two of three open"),
        pytest.param(UP, "duu", "majority", MonitorState.UP, id="one of three does not open"),
        pytest.param(DOWN, "duu", "majority", MonitorState.UP, id="two of three close"),
        pytest.param(
            UP, "d.u", "majority", MonitorState.UP, id="a region that stopped answering abstains, the rest is split"
        ),
        pytest.param(UP, "dd.", "majority", MonitorState.DOWN, id="a region that stopped answering does not protect"),
        pytest.param(UP, "d..", "majority", MonitorState.DOWN, id="the only region that answers decides"),
        pytest.param(UP, "ddu", "all", MonitorState.UP, id="all: two of three do not open"),
        pytest.param(UP, "dd.", "all", MonitorState.DOWN, id="all: of those that answered"),
        pytest.param(DOWN, "duu", "all", MonitorState.UP, id="all: a majority that is up closes"),
        pytest.param(UP, "duu", "any", MonitorState.DOWN, id="any: one opens"),
        pytest.param(DOWN, "duu", "any", MonitorState.DOWN, id="any: one keeps it open"),
        pytest.param(DOWN, "uuu", "any", MonitorState.UP, id="any: all up closes"),
        pytest.param(UP, "ddu", 3, MonitorState.UP, id="three: two do not open"),
        pytest.param(UP, "dd.", 3, MonitorState.DOWN, id="three: fewer regions left must not mean silence"),
        pytest.param(UP, "...", "majority", None, id="nobody answers: unknown, never green"),
        pytest.param(DOWN, "...", "majority", None, id="nobody answers while down: unknown"),
        pytest.param(UP, "", "majority", None, id="no region at all: unknown"),
    ],
)
def test_the_regions_decide(
    before: MonitorStatus, pattern: str, quorum: str | int, expected: MonitorState | None
) -> None:
    assert state_after(before, pattern, quorum) is expected


def test_a_vote_that_was_saved_late_in_a_run_that_the_clock_began_late_still_counts() -> None:
    """Checked as noon struck, saved when that run ended; the next minute's clock struck 59 s late, its run ends now."""
    now = after(minutes=1, seconds=59) + LONGEST_RUN
    votes = (a_vote("eu", MonitorState.UP, checked_at=NOON), a_vote("us", MonitorState.DOWN, checked_at=now))

    assert judge(UP, MONITOR, votes, now)[0].state is MonitorState.UP


def test_going_down_says_since_when_where_and_why() -> None:
    seen = (
        a_vote("us-east-1", MonitorState.DOWN, since=after(seconds=50), checked_at=after(seconds=70)),
        a_vote("eu-west-1", MonitorState.DOWN, since=after(seconds=45), checked_at=after(seconds=65)),
        a_vote("ap-southeast-2", MonitorState.UP, checked_at=after(seconds=60)),
    )

    status, events = judge(UP, MONITOR, seen, after(seconds=71))

    expected = MonitorWentDown(
        occurred_at=after(seconds=70),
        monitor_id="shop",
        service_id="web",
        started_at=after(seconds=45),
        regions=("eu-west-1", "us-east-1"),
        message="connection refused",
    )
    assert events == (expected,)
    assert (status.state, status.since, status.regions_down) == (
        MonitorState.DOWN,
        after(seconds=45),
        ("eu-west-1", "us-east-1"),
    )


def test_regions_that_saw_different_things_are_quoted_each() -> None:
    seen = (
        a_vote("us-east-1", MonitorState.DOWN, message="status 500", checked_at=after(minutes=1)),
        a_vote("eu-west-1", MonitorState.DOWN, message="timed out", checked_at=after(minutes=1)),
    )

    _, events = judge(UP, MONITOR, seen, after(minutes=1))

    assert [getattr(event, "message", None) for event in events] == ["eu-west-1: timed out; us-east-1: status 500"]


def test_an_outage_from_first_check_to_recovery_is_told_once() -> None:
    status, told = unjudged(MONITOR, NOON), list[tuple[float, str]]()

    for minute, pattern in enumerate(["uuu", "uuu", "duu", "ddu", "ddd", "ddd", "udd", "uud", "uuu"]):
        at = after(minutes=minute)
        seen = tuple(a_vote(f"r{i}", STATES[v], checked_at=at) for i, v in enumerate(pattern))
        status, events = judge(status, MONITOR, seen, at)
        told += [(minute, type(event).__name__) for event in events]

    assert told == [(0, "MonitorStatusChanged"), (3, "MonitorWentDown"), (7, "MonitorRecovered")]


@pytest.mark.parametrize("repeated", [1, 2, 5])
def test_the_same_votes_again_change_nothing(repeated: int) -> None:
    seen = (a_vote("eu", MonitorState.DOWN, checked_at=after(minutes=1)),)
    status, told = UP, list[Event]()

    for _ in range(repeated):
        status, events = judge(status, MONITOR, seen, after(minutes=1))
        told += events

    assert len(told) == 1


def test_each_change_is_later_than_the_last_even_when_a_regions_clock_is_behind() -> None:
    split = (
        a_vote("fast", MonitorState.DOWN, checked_at=after(seconds=90)),
        a_vote("slow", MonitorState.DOWN, checked_at=after(seconds=30)),
        a_vote("third", MonitorState.UP, checked_at=after(seconds=60)),
    )
    healed = (split[0], a_vote("slow", MonitorState.UP, checked_at=after(seconds=31)), split[2])

    down, opened = judge(UP, MONITOR, split, after(seconds=90))
    _, closed = judge(down, MONITOR, healed, after(seconds=91))

    assert isinstance(closed[0], MonitorRecovered)
    assert closed[0].occurred_at > opened[0].occurred_at
