"""When a region doubts its own eyes, and what it then makes of what it saw."""

import pytest

from tests.support.checks import down, inconclusive, up
from tocsin.domain.blindness import BLIND, excused, is_suspect
from tocsin.domain.checks import CheckResult, CheckState, Failure

SHARD = ("a", "b", "c", "d")
WRONG_STATUS = (Failure(expect="status", message="Status 500"),)


def refused(*monitors: str) -> list[CheckResult]:
    return [down(1, monitor_id) for monitor_id in monitors]


def fine(*monitors: str) -> list[CheckResult]:
    return [up(1, monitor_id) for monitor_id in monitors]


@pytest.mark.parametrize(
    ("results", "to_check", "suspect"),
    [
        pytest.param([], 4, False, id="nothing checked yet"),
        pytest.param(refused("a", "b"), 4, False, id="two are too few to say"),
        pytest.param(refused("a", "b", "c"), 4, True, id="all of three"),
        pytest.param(refused("a", "b") + fine("c"), 4, True, id="most"),
        pytest.param(refused("a", "b") + fine("c", "d"), 4, False, id="half is not most"),
        pytest.param(refused("a", "a"), 4, True, id="the first was looked at twice before the others were done"),
        pytest.param(refused("a"), 1, True, id="all that is checked in this minute"),
        pytest.param([down(1, name, failures=WRONG_STATUS) for name in SHARD], 4, False, id="answers that are wrong"),
        pytest.param([*refused("a", "b"), inconclusive(1, "c")], 4, False, id="our own fault is no check"),
        pytest.param([*refused("a", "b", "c"), *fine("a", "b")], 4, False, id="the second look counts"),
    ],
)
def test_a_region_is_suspect_when_most_of_a_run_fails_on_the_network(
    results: list[CheckResult], to_check: int, suspect: bool
) -> None:
    assert is_suspect(results, to_check) is suspect


def test_a_blind_region_takes_back_what_it_said_of_the_network_only() -> None:
    seen = [down(1), up(2), down(3, failures=WRONG_STATUS)]

    taken_back = excused(seen[0])

    assert (taken_back.state, taken_back.message) == (CheckState.INCONCLUSIVE, BLIND)
    assert taken_back.checked_at == seen[0].checked_at
    assert [excused(result) for result in seen[1:]] == seen[1:]
