"""What the sweeper doubts: silence, disagreement, and what has changed unheard. Once each, and again after a while."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import NOON, a_monitor, after
from tocsin.domain.doubts import UNKNOWN, Doubts, questions, remembered, to_ask, unusual, waiting
from tocsin.domain.monitor import unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import MonitorView, RegionView

STATES = {"+": MonitorState.UP, "~": MonitorState.DEGRADED, "-": MonitorState.DOWN, "?": None}
REGIONS = ("ap", "eu", "us")


def views(pattern: str, minute: float, monitor_id: str = "shop", **fields: Any) -> list[RegionView]:
    """A sign for each region, all of them checked at that minute; `.` has been silent since long ago."""
    return [
        RegionView(
            region=region,
            shard_id="1",
            monitors={
                monitor_id: MonitorView.model_validate(
                    {
                        "state": STATES.get(sign, MonitorState.UP),
                        "since": NOON,
                        "checked_at": after(minutes=-60) if sign == "." else after(minutes=minute),
                    }
                    | fields
                )
            },
        )
        for region, sign in zip(REGIONS, pattern, strict=False)
    ]


class Sweeper:
    """Sweeps when told to, and keeps what it remembers."""

    def __init__(self, *left_alone: str) -> None:
        self.doubts, self.left_alone = Doubts(asked={}), left_alone

    def sweeps(self, minute: float, pattern: str, **fields: Any) -> list[str]:
        now = after(minutes=minute)
        said = unusual(views(pattern, minute, **fields), now)
        asking = to_ask(self.doubts, said, now)
        self.doubts = remembered(self.doubts, said, asking, self.left_alone, now)
        return [event.reason for event in questions(asking, self.left_alone, now)]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        pytest.param("+++", None, id="all up"),
        pytest.param("+.+", None, id="those that answer say up: nothing could come of it"),
        pytest.param("+?+", None, id="one has not made up its mind"),
        pytest.param("+-+", "+-+", id="one says down"),
        pytest.param(".-+", "?-+", id="one says down, one is silent"),
        pytest.param("~~+", "~~+", id="degraded"),
        pytest.param("...", UNKNOWN, id="all are silent"),
        pytest.param("?", UNKNOWN, id="the only region has not made up its mind"),
    ],
)
def test_what_is_unusual(pattern: str, said: str | None) -> None:
    assert unusual(views(pattern, 5), after(minutes=5)).get("shop") == said


def test_a_vote_ages_by_the_monitors_own_interval() -> None:
    seldom = views("+", 0, every=timedelta(hours=1))

    assert unusual(seldom, after(hours=2)) == {}
    assert unusual(seldom, after(hours=2, minutes=2)) == {"shop": UNKNOWN}


def test_what_is_shown_otherwise_than_the_regions_say_is_asked_about_until_it_is_not() -> None:
    """Whatever would have told that it is up again may be lost."""
    said = unusual(views("+++", 5), after(minutes=5), not_up=["shop"])

    assert said == {"shop": "+"}
    assert unusual(views("+-+", 5), after(minutes=5), not_up=["shop"]) == {"shop": "+-+"}


def test_a_heartbeat_that_is_down_is_asked_about_and_when_it_is_back_too() -> None:
    now = after(minutes=5)

    assert (
        unusual([], now, silent=["backup"]) == unusual([], now, silent=["backup"], not_up=["backup"]) == {"backup": "-"}
    )
    assert unusual([], now, not_up=["backup"]) == {"backup": "+"}


def test_a_monitor_that_moved_is_what_its_new_shard_says() -> None:
    old, new = views(".", 5)[0], views("+", 5)[0]

    assert unusual([old, new], after(minutes=5)) == unusual([new, old], after(minutes=5)) == {}


def test_when_every_region_falls_silent_it_is_asked_once_and_again_after_a_quarter_of_an_hour() -> None:
    sweeper = Sweeper()
    assert sweeper.sweeps(0, "+++") == []

    asked = {minute for minute in range(5, 36) if sweeper.sweeps(minute, "...")}

    assert asked == {5, 20, 35}
    assert sweeper.doubts.unknown == 1


def test_a_region_whose_silence_changes_the_count_makes_it_doubtful() -> None:
    sweeper = Sweeper()

    assert sweeper.sweeps(1, "--+") == ["the regions say --+"]
    assert sweeper.sweeps(2, "--+") == []
    assert sweeper.sweeps(6, ".-+") == ["the regions say ?-+"]


def test_when_nothing_is_wrong_any_more_it_is_asked_a_last_time() -> None:
    sweeper = Sweeper()
    sweeper.sweeps(5, "...")

    assert sweeper.sweeps(9, "+++") == ["no region has anything against it any more"]
    assert sweeper.sweeps(10, "+++") == []
    assert sweeper.doubts.asked == {}


def test_a_monitor_that_is_left_alone_is_neither_asked_about_nor_counted() -> None:
    sweeper = Sweeper("shop")

    assert sweeper.sweeps(5, "...") == []
    assert sweeper.sweeps(6, "...") == []
    assert sweeper.doubts.unknown == 0


def test_those_whose_alert_is_held_are_asked_about_each_minute() -> None:
    quiet = unjudged(a_monitor("db"), NOON)
    held = unjudged(a_monitor("shop"), NOON).model_copy(update={"due_at": after(minutes=1)})

    assert waiting([quiet, held], after(seconds=59)) == {}
    assert list(waiting([quiet, held], after(minutes=1))) == ["shop"]
    assert list(waiting([quiet, held], after(minutes=9))) == ["shop"]
