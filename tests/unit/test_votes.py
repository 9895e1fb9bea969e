"""What one, two and three regions together say, and what they say when one is silent, late, or has a wrong clock."""

import pytest

from tests.support.builders import a_monitor, a_vote, after
from tests.support.checks import down, slow, told, up
from tocsin.domain.monitor import judge, unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.votes import in_words, needed, verdict

UP, DEGRADED, DOWN = MonitorState
STATES = {"u": UP, "~": DEGRADED, "d": DOWN}
BEFORE = {**STATES, "?": None}


def say(pattern: str, before: str, quorum: str | int = "majority") -> str:
    votes = tuple(a_vote(f"region-{number}", STATES[sign]) for number, sign in enumerate(pattern))
    state = verdict(BEFORE[before], quorum, votes)
    return next(sign for sign, known in BEFORE.items() if known is state)


@pytest.mark.parametrize(
    ("pattern", "opens", "closes", "eases"),
    [
        pytest.param("u", "u", "u", "u", id="one region: up"),
        pytest.param("~", "~", "~", "~", id="one region: degraded"),
        pytest.param("d", "d", "d", "d", id="one region: down"),
        pytest.param("uu", "u", "u", "u", id="two: up"),
        pytest.param("u~", "u", "~", "~", id="two: an even split of up and degraded changes nothing but that it works"),
        pytest.param("ud", "u", "d", "~", id="two: an even split of up and down changes nothing"),
        pytest.param("~~", "~", "~", "~", id="two: both degraded"),
        pytest.param("~d", "~", "d", "~", id="two: worse than up, but not down"),
        pytest.param("dd", "d", "d", "d", id="two: both down"),
        pytest.param("uu~", "u", "u", "u", id="three: one is slow"),
        pytest.param("u~~", "~", "~", "~", id="three: two are slow"),
        pytest.param("u~d", "~", "~", "~", id="three: each says something else"),
        pytest.param("~~d", "~", "~", "~", id="three: none is up"),
        pytest.param("uud", "u", "u", "u", id="three: one is down"),
        pytest.param("udd", "d", "d", "d", id="three: two are down"),
        pytest.param("~dd", "d", "d", "d", id="three: two are down, one slow"),
        pytest.param("uudd", "u", "d", "~", id="four: an even split"),
        pytest.param("uu~d", "u", "~", "~", id="four: not most are up, but most work"),
    ],
)
def test_a_strict_majority_changes_the_state(pattern: str, opens: str, closes: str, eases: str) -> None:
    """What is said when it was up before, when it was down, and when it was degraded."""
    assert (say(pattern, "u"), say(pattern, "d"), say(pattern, "~")) == (opens, closes, eases)


@pytest.mark.parametrize(
    ("pattern", "quorum", "before", "expected"),
    [
        pytest.param("~uu", "any", "u", "~", id="any: one that is slow is enough"),
        pytest.param("~uu", "any", "~", "~", id="any: and keeps it so"),
        pytest.param("~~u", "all", "u", "u", id="all: two of three are not"),
        pytest.param("~~d", "all", "u", "~", id="all: none is up"),
        pytest.param("ddu", "all", "~", "~", id="all: most are down, which neither opens nor closes"),
        pytest.param("ddu", 2, "~", "d", id="two"),
        pytest.param("~d", 2, "?", "~", id="unknown, and none is up"),
        pytest.param("ud", "majority", "?", "?", id="unknown, and a tie: still unknown"),
        pytest.param("u~", "majority", "?", "~", id="unknown, and all see it work, half of them slowly"),
        pytest.param("", "majority", "d", "?", id="nobody answers"),
    ],
)
def test_other_quorums_and_beginnings(pattern: str, quorum: str | int, before: str, expected: str) -> None:
    assert say(pattern, before, quorum) == expected


@pytest.mark.parametrize("quorum", ["majority", "all", "any", 1, 2, 3])
@pytest.mark.parametrize("regions", [1, 2, 3, 4])
def test_the_same_votes_again_never_change_the_state_again(quorum: str | int, regions: int) -> None:
    patterns = [""]
    for _ in range(regions):
        patterns = [pattern + sign for pattern in patterns for sign in STATES]

    unstable = [
        (pattern, before)
        for pattern in patterns
        for before in BEFORE
        if say(pattern, once := say(pattern, before, quorum), quorum) != once
    ]

    assert unstable == []


@pytest.mark.parametrize("answered", [1, 2, 3, 5])
def test_no_quorum_is_more_than_all_or_less_than_one(answered: int) -> None:
    assert all(1 <= needed(quorum, answered) <= answered for quorum in ("majority", "all", "any", 1, 2, 3, 9))


def test_what_all_say_is_said_once() -> None:
    same = [a_vote("eu", DOWN, message="refused"), a_vote("us", DOWN, message="refused")]

    assert in_words(same) == "refused"
    assert in_words([same[0], a_vote("us", DEGRADED, message="slow")]) == "eu: refused; us: slow"


MONITOR = a_monitor()


def state_at(seconds: float, *votes: tuple[str, MonitorState, float]) -> MonitorState | None:
    """Of a monitor that was up; each vote with when it was checked."""
    seen = tuple(a_vote(region, state, checked_at=after(seconds=at)) for region, state, at in votes)
    was_up, _ = judge(unjudged(MONITOR, after()), MONITOR, (a_vote("eu", UP),), after())
    return judge(was_up, MONITOR, seen, after(seconds=seconds))[0].state


def test_a_region_that_stops_answering_loses_its_vote_after_two_intervals_and_a_run() -> None:
    votes = (("eu", DOWN, 600.0), ("us", UP, 400.0))

    assert state_at(600, *votes) is UP, "one of two says down: a tie"
    assert state_at(601, *votes) is DOWN, "200 s are over: the one that answers decides"


def test_a_late_answer_with_an_old_result_changes_neither_the_region_nor_the_verdict() -> None:
    view, _ = told([up(0), up(60), up(120)])
    late, events = told([down(50), down(52), slow(119)], view=view)

    assert (late, events) == (view, [])
    assert state_at(600, ("eu", UP, 590), ("us", DOWN, 300), ("ap", DOWN, 301)) is UP, "old votes abstain"


@pytest.mark.parametrize("skew", [-60, 60])
def test_a_clock_that_is_a_minute_off_costs_no_region_its_vote(skew: float) -> None:
    """Between two checks a healthy region's vote is at most a minute and a run old, by its own clock."""
    oldest = 600 - 60 - 80

    assert state_at(600, ("eu", DOWN, 600), ("us", UP, oldest + skew)) is UP
    assert state_at(600, ("eu", DOWN, 600), ("us", DOWN, oldest + skew), ("ap", UP, 600)) is DOWN


def test_news_from_a_clock_that_is_a_minute_ahead_never_precedes_what_it_follows() -> None:
    status, _ = judge(unjudged(MONITOR, after()), MONITOR, (a_vote("eu", UP),), after())
    ahead = a_vote("eu", DOWN, checked_at=after(seconds=120))
    behind = a_vote("eu", UP, checked_at=after(seconds=90))

    status, went_down = judge(status, MONITOR, (ahead,), after(seconds=60))
    status, recovered = judge(status, MONITOR, (behind,), after(seconds=95))

    assert went_down[0].occurred_at < recovered[0].occurred_at
    assert status.state is UP
