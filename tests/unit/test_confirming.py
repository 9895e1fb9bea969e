"""The life of a monitor as one region sees it: slow, failing, alternating, and well again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.support.builders import NOON, a_monitor
from tests.support.checks import down, slow, told, up
from tocsin.domain.checks import CheckResult, Confirmation, Flapping
from tocsin.domain.events import ObservationChanged
from tocsin.domain.region_view import RegionView

CHECKS: dict[str, Callable[[float], CheckResult]] = {"+": up, "~": slow, "-": down}


def lived(story: str, **confirm: object) -> tuple[RegionView, list[ObservationChanged]]:
    """A check a minute, from noon: `+` up, `~` degraded, `-` down."""
    monitor = a_monitor(confirm=Confirmation.model_validate(confirm))
    return told(checks(story), monitor)


def checks(story: str) -> list[CheckResult]:
    return [CHECKS[sign](60 * minute) for minute, sign in enumerate(story.replace(" ", ""))]


def said(story: str, **confirm: object) -> list[str]:
    """As `3 down since 2`: at minute 3, with what was first seen at minute 2."""
    _, events = lived(story, **confirm)
    return [_told(event) for event in events]


def _told(event: ObservationChanged) -> str:
    state = f"{event.state} flapping" if event.flapping else event.state
    return f"{_minute(event.occurred_at)} {state} since {_minute(event.since)}"


def _minute(instant: datetime) -> int:
    return (instant - NOON) // timedelta(minutes=1)


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        pytest.param("~", [], id="one slow check says nothing of an unknown monitor"),
        pytest.param("~~", ["1 degraded since 0"], id="an unknown monitor that is slow twice"),
        pytest.param("~-", ["1 degraded since 0"], id="slow, then failing: at least degraded"),
        pytest.param("+~+~+", ["0 up since 0"], id="slow now and then is not degraded"),
        pytest.param("+~~", ["0 up since 0", "2 degraded since 1"], id="slow twice in a row"),
        pytest.param("+~-", ["0 up since 0", "2 degraded since 1"], id="not up twice in a row, but down only once"),
        pytest.param("+~--", ["0 up since 0", "2 degraded since 1", "3 down since 2"], id="worse and worse"),
        pytest.param(
            "+--~~", ["0 up since 0", "2 down since 1", "4 degraded since 3"], id="it works again, but slowly"
        ),
        pytest.param("+--~+", ["0 up since 0", "2 down since 1", "4 degraded since 3"], id="not all were up"),
        pytest.param(
            "+--~++", ["0 up since 0", "2 down since 1", "4 degraded since 3", "5 up since 4"], id="better and better"
        ),
        pytest.param("~~+", ["1 degraded since 0"], id="one success is not enough to be well again"),
        pytest.param("~~+~++", ["1 degraded since 0", "5 up since 4"], id="the recovery begins anew"),
        pytest.param("~~--++", ["1 degraded since 0", "3 down since 2", "5 up since 4"], id="there and back"),
    ],
)
def test_slow_is_confirmed_as_failing_is(story: str, expected: list[str]) -> None:
    assert said(story) == expected


def test_each_change_waits_for_its_own_count() -> None:
    assert said("+~~~ --- ++", failures=3, recoveries=2) == [
        "0 up since 0",
        "3 degraded since 1",
        "6 down since 4",
        "8 up since 7",
    ]


def test_a_monitor_that_alternates_is_down_once_and_stays_so_until_it_has_settled() -> None:
    story = "+++ -+-+-+-+- +++++++ ++ +"

    assert said(story) == ["0 up since 0", "11 down flapping since 11", "19 up since 12"]


def test_alternating_in_pairs_tells_of_two_outages_and_then_of_flapping() -> None:
    """Two in a row are an outage by the rule for outages; the third time it is known for what it is."""
    assert said("+ --++--++--++--++--++--++--++") == [
        "0 up since 0",
        "2 down since 1",
        "4 up since 3",
        "6 down since 5",
        "8 up since 7",
        "9 down flapping since 9",
    ]


def test_the_message_says_that_it_is_flapping_how_much_and_what_was_seen_last() -> None:
    view, _ = lived("+++-+-+-+-+-")

    message = "flapping: 5 of the last 10 checks failed; last: connection refused"
    assert view.monitors["shop"].message == message


def test_while_flapping_the_message_keeps_the_last_failure() -> None:
    before, _ = lived("+++-+-+-+-+-")
    after_it, _ = lived("+++-+-+-+-+-+")

    assert after_it.monitors["shop"].message == before.monitors["shop"].message


@pytest.mark.parametrize(
    ("story", "confirm", "flapping"),
    [
        pytest.param("+----------", {}, False, id="an outage is not flapping"),
        pytest.param("+----------++", {}, False, id="nor is its end"),
        pytest.param("+--------++-", {}, False, id="nor one failure after it"),
        pytest.param("+----+-----+----", {}, True, id="an outage that is interrupted twice is"),
        pytest.param("-++-++-++-++-++-++", {}, False, id="every third check: too seldom"),
        pytest.param("-+-+-+-+-", {"flapping": False}, False, id="turned off"),
        pytest.param("-+-+-", {"flapping": Flapping(failures=3, of=5)}, True, id="by a rule of its own"),
        pytest.param("-~-~-~-~-", {}, True, id="between failing and slow"),
        pytest.param("+~+~+~+~+~+~+~", {}, False, id="slow is no failure"),
    ],
)
def test_only_failures_that_come_time_and_again_are_flapping(
    story: str, confirm: dict[str, object], flapping: bool
) -> None:
    view, _ = lived(story, **confirm)

    assert view.monitors["shop"].flapping is flapping


def test_an_outage_that_turns_out_to_be_flapping_is_said_so_and_goes_on() -> None:
    assert said("+ --+-+-+- +++++++ + + +", recoveries=3) == [
        "0 up since 0",
        "2 down since 1",
        "8 down flapping since 1",
        "16 up since 9",
    ]


def test_flapping_that_is_turned_off_meanwhile_ends_as_any_outage() -> None:
    view, _ = lived("+-+-+-+-+-")
    calm = a_monitor(confirm=Confirmation(flapping=False))

    view, events = told([up(3600), up(3660)], calm, view)

    assert [event.state for event in events] == ["up"]


def test_what_alternates_for_hours_is_told_once() -> None:
    assert said("+" + "-+" * 120)[1:] == ["9 down flapping since 9"]


def test_a_monitor_that_is_well_remembers_nothing_of_its_past() -> None:
    view, _ = lived("+~-+" + "+" * 20)

    assert view.monitors["shop"].recent == ""


def test_no_two_neighbouring_changes_say_the_same() -> None:
    _, events = lived("+-~~-+--+-~+-+--~+-+-+-++++++++++~~-~+")

    told_of = [(event.state, event.flapping) for event in events]
    assert all(before != after_it for before, after_it in pairwise(told_of))


def test_the_interval_is_kept_with_the_vote() -> None:
    monitor = a_monitor(every=timedelta(minutes=5))

    view, _ = told([up(0)], monitor)

    assert view.monitors["shop"].every == monitor.every
