"""From single checks in one, two and three regions to what people are told: region, quorum and sweeper together."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOON, a_monitor, after
from tests.support.checks import down, inconclusive, slow, up
from tocsin.domain.checks import CheckResult, Monitor
from tocsin.domain.doubts import Doubts, remembered, to_ask, unusual
from tocsin.domain.monitor import forget, judge, unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import RegionView, observe
from tocsin.domain.votes import vote_in

CHECKS = {"+": up, "~": slow, "-": down, "?": inconclusive}


class World:
    """Regions that each check a monitor once a minute, by clocks that are so many seconds ahead.

    In the minutes from `deaf` to before `hears`, whatever is to be judged is lost.
    """

    def __init__(self, regions: int, monitor: Monitor | None = None, skews: tuple[float, ...] = (0, 0, 0)) -> None:
        self.monitor, self.skews = monitor or a_monitor(), skews
        self.deaf, self.hears = 0, 0
        self.views = [RegionView(region=f"region-{number}", shard_id="1") for number in range(regions)]
        self.status, self.doubts = unjudged(self.monitor, NOON), Doubts(asked={})
        self.told: list[str] = []

    def lives(self, *stories: str) -> list[str]:
        """A story for each region: a sign for each minute, `.` when it does not answer. As `3 WentDown`."""
        for minute, signs in enumerate(zip(*(story.replace(" ", "") for story in stories), strict=True)):
            for number, sign in enumerate(signs):
                if sign != ".":
                    self.sees(number, CHECKS[sign](60 * minute + 10 * number + self.skews[number]), minute)
            self._sweeps(after(minutes=minute, seconds=50))
        return self.told

    def sees(self, region: int, result: CheckResult, minute: int) -> None:
        self.views[region], changes = observe(self.views[region], result, self.monitor)
        for _ in changes:
            self._judges(after(minutes=minute, seconds=10 * region))

    def _judges(self, now: datetime) -> None:
        minute = (now - NOON) // timedelta(minutes=1)
        if self.deaf <= minute < self.hears:
            return
        votes = tuple(vote for view in self.views if (vote := vote_in(view, self.monitor.monitor_id)))
        self.status, events = judge(self.status, self.monitor, votes, now)
        self.told += [f"{minute} {type(event).__name__.removeprefix('Monitor')}" for event in events]

    def _sweeps(self, now: datetime) -> None:
        is_up = self.status.state is MonitorState.UP
        said = unusual(self.views, now, not_up=() if is_up else [self.monitor.monitor_id])
        asking = to_ask(self.doubts, said, now)
        self.doubts = remembered(self.doubts, said, asking, (), now)
        for _ in asking:
            self._judges(now)


BEGAN = "0 StatusChanged"


@pytest.mark.parametrize(
    ("stories", "told"),
    [
        pytest.param(["+++--++"], [BEGAN, "4 WentDown", "6 Recovered"], id="one region: an outage"),
        pytest.param(["+-+-+++-++"], [BEGAN], id="one region: single failures are nobody's business"),
        pytest.param(["+--++", "+--++"], [BEGAN, "2 WentDown", "4 Recovered"], id="two regions: both see it"),
        pytest.param(["+-----", "++++++"], [BEGAN], id="two regions: one sees it, a tie opens nothing"),
        pytest.param(["+---++", "+-----"], [BEGAN, "2 WentDown"], id="two regions: one is back, a tie closes nothing"),
        pytest.param(["+-----", "++++++", "++++++"], [BEGAN], id="three regions: one sees it"),
        pytest.param(["+--++", "++--+", "+++++"], [BEGAN, "3 WentDown", "4 Recovered"], id="three regions: two see it"),
        pytest.param(
            ["+-------", "++++++++", "+......."],
            [BEGAN],
            id="three regions: one says down, one up, and when the third is silent it is a tie",
        ),
        pytest.param(
            ["+-------", "+.......", "+......."],
            [BEGAN, "3 WentDown"],
            id="three regions: the only one that still answers decides, once the others' votes are old",
        ),
        pytest.param(
            ["++......--", "++......--"],
            [BEGAN, "4 BecameUnknown", "8 StatusChanged", "9 WentDown"],
            id="what a region had confirmed holds after silence, too, until enough contradicts it",
        ),
        pytest.param(
            ["++......++"], [BEGAN, "4 BecameUnknown", "8 StatusChanged"], id="silence, and nothing was wrong"
        ),
        pytest.param(["++??????++"], [BEGAN, "4 BecameUnknown", "8 StatusChanged"], id="a blind region knows nothing"),
        pytest.param(
            ["--......++"],
            ["1 WentDown", "4 BecameUnknown", "8 StatusChanged", "9 Recovered"],
            id="an outage goes on through silence until somebody sees its end",
        ),
        pytest.param(["+~~++", "+~~++"], [BEGAN, "2 Degraded", "4 Recovered"], id="two regions: slow"),
        pytest.param(["+~~--++", "+~~--++"], [BEGAN, "2 Degraded", "4 WentDown", "6 Recovered"], id="slow, then down"),
        pytest.param(["+--~~++", "+--~~++"], [BEGAN, "2 WentDown", "4 Degraded", "6 Recovered"], id="down, then slow"),
        pytest.param(["+~~~~", "+----", "+++++"], [BEGAN, "2 Degraded"], id="three regions, three opinions"),
    ],
)
def test_what_people_are_told(stories: list[str], told: list[str]) -> None:
    assert World(len(stories)).lives(*stories) == told


def test_a_monitor_that_was_down_before_its_pause_is_not_down_by_its_first_success_after_it() -> None:
    """What the regions knew of it is kept where nobody else was in its shard."""
    world = World(3)
    assert world.lives("+---", "+---", "+---") == [BEGAN, "2 WentDown"]
    world.status, world.told = forget(world.status, after(minutes=4)), []

    assert world.lives("....++", "....++", "....++") == ["5 StatusChanged"]


def test_a_target_that_alternates_for_an_hour_is_told_once() -> None:
    story = "+" + "-+" * 30 + "+" * 12

    told = World(3).lives(story, story, story)

    assert [event.split()[1] for event in told] == ["StatusChanged", "WentDown", "Recovered"]


@pytest.mark.parametrize("skews", [(60, 0, 0), (-60, 0, 0), (0, 60, -60), (-60, -60, 60)], ids=str)
def test_clocks_that_disagree_by_a_minute_neither_hide_nor_invent_an_outage(skews: tuple[float, ...]) -> None:
    world = World(3, skews=skews)

    assert world.lives("+++---+++", "+++---+++", "+++++++++") == [BEGAN, "4 WentDown", "7 Recovered"]


def test_a_region_that_answers_late_with_an_old_result_is_not_heard() -> None:
    world = World(3)
    world.lives("+++++", "+++++", "+++++")
    before = world.views[0]

    for number in range(3):
        world.sees(number, down(60), 5)
        world.sees(number, down(62), 5)

    assert (world.told, world.views[0]) == ([BEGAN], before)


STORIES = st.integers(1, 40).flatmap(
    lambda minutes: st.lists(st.text("+~-?.", min_size=minutes, max_size=minutes), min_size=1, max_size=3)
)


@given(STORIES)
def test_whatever_happens_no_two_outages_are_told_without_an_end_between(stories: list[str]) -> None:
    told = [event.split()[1] for event in World(len(stories)).lives(*stories)]

    assert all(_alternates(told))


@given(STORIES)
def test_whatever_happens_copies_and_late_results_change_nothing(stories: list[str]) -> None:
    once, twice = World(len(stories)), World(len(stories))
    once.lives(*(f"+{story}" for story in stories))
    twice.lives(*(f"+{story}" for story in stories))

    for number in range(len(stories)):
        twice.sees(number, down(-60), len(stories[0]))

    assert (twice.told, twice.views) == (once.told, once.views)


@given(STORIES, st.integers(0, 40), st.integers(1, 40))
def test_whatever_is_lost_on_the_way_is_made_up_for_within_a_quarter_of_an_hour(
    stories: list[str], deaf: int, minutes: int
) -> None:
    world = World(len(stories))
    world.deaf, world.hears = deaf, deaf + minutes

    told = world.lives(*(f"+{story}{'+' * 100}" for story in stories))

    assert (world.status.state, world.status.told) == (MonitorState.UP, MonitorState.UP)
    assert all(_alternates([event.split()[1] for event in told]))


def _alternates(told: list[str]) -> Iterator[bool]:
    """An outage follows no outage; a recovery follows something that was told."""
    last = "Recovered"
    for event in told:
        if event in ("WentDown", "Degraded", "Recovered"):
            yield event != last
            last = event
