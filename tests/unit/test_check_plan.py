"""Which checks a run makes, when, and which it makes twice."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from tests.support.builders import NOON, a_monitor, after
from tests.support.checks import an_empty_view, down, inconclusive, slow, told, up
from tocsin.domain.check_plan import (
    RECHECK_PAUSE,
    SPREAD,
    PlannedCheck,
    ShardDue,
    ends_by,
    is_outdated,
    overrun,
    planned_checks,
    recheck,
)
from tocsin.domain.checks import CheckResult, Monitor


def every(interval: float, monitor_id: str = "shop") -> Monitor:
    return a_monitor(monitor_id, every=timedelta(seconds=interval))


def starts(monitor: Monitor, minutes: int = 1) -> list[datetime]:
    """When it is checked in the minutes from noon on, each run beginning on time."""
    times = [after(minutes=minute) for minute in range(minutes)]
    return [check.at for minute in times for check in planned_checks([monitor], minute, minute)]


@pytest.mark.parametrize(
    ("interval", "checks"),
    [
        pytest.param(10, 60, id="10 s"),
        pytest.param(1, 60, id="10 s is the floor"),
        pytest.param(20, 30, id="20 s"),
        pytest.param(45, 14, id="45 s"),
        pytest.param(60, 10, id="1 minute"),
        pytest.param(90, 7, id="90 s"),
        pytest.param(120, 5, id="2 minutes"),
        pytest.param(600, 1, id="10 minutes"),
    ],
)
def test_checks_keep_their_interval_over_the_minutes(interval: float, checks: int) -> None:
    found = starts(every(interval), minutes=10)

    gaps = {later - earlier for earlier, later in pairwise(found)}
    assert gaps <= {timedelta(seconds=max(interval, 10))}
    assert abs(len(found) - checks) <= 1


def test_a_minute_does_not_start_all_its_checks_at_once() -> None:
    monitors = [every(60, f"m{n}") for n in range(250)]

    offsets = [check.at - NOON for check in planned_checks(monitors, NOON, NOON)]

    assert len(offsets) == 250
    assert min(offsets) >= timedelta() and max(offsets) < SPREAD
    assert max(Counter(offset // timedelta(milliseconds=100) for offset in offsets).values()) < 30


def test_monitors_with_longer_intervals_take_turns() -> None:
    monitors = [every(300, f"m{n}") for n in range(250)]

    per_minute = [len(planned_checks(monitors, after(minutes=n), after(minutes=n))) for n in range(5)]

    assert sum(per_minute) == 250
    assert min(per_minute) > 25


def test_the_plan_is_always_the_same() -> None:
    assert starts(every(10)) == starts(every(10))


@pytest.mark.parametrize("late", [0.2, 25, 59.9, 70])
def test_a_run_that_begins_late_makes_all_its_checks_that_much_later(late: float) -> None:
    monitors = [every(interval, f"m{interval}") for interval in (10, 20, 45, 60, 90, 300)]

    checks = planned_checks(monitors, NOON, after(seconds=late))

    delay = timedelta(seconds=late)
    assert checks == [check._replace(at=check.at + delay) for check in planned_checks(monitors, NOON, NOON)]


def test_a_clock_that_strikes_anywhere_in_its_minute_changes_no_number_of_checks() -> None:
    strikes = {0: 2.0, 1: 58.0, 2: 2.0, 3: 31.0}

    checks = [
        check
        for minute, late in strikes.items()
        for check in planned_checks([every(10)], after(minutes=minute), after(minutes=minute, seconds=late))
    ]

    assert len(checks) == 24


def test_a_run_begins_no_check_more_than_a_minute_after_itself() -> None:
    checks = planned_checks([every(10, f"m{n}") for n in range(250)], NOON, after(seconds=59))

    assert max(check.at for check in checks) < after(seconds=59) + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("late", "seconds"),
    [
        pytest.param(2, 82, id="all the time it may take"),
        pytest.param(60, 140, id="a minute late"),
        pytest.param(90, 140, id="as late as can be: its successor is dropped at 150 s"),
    ],
)
def test_a_run_ends_before_its_successor_is_too_late(late: float, seconds: float) -> None:
    assert ends_by(NOON, after(seconds=late)) == after(seconds=seconds)


@pytest.mark.parametrize(("ended", "waited"), [(55, 0), (60, 0), (72.5, 12.5)])
def test_a_run_overruns_when_its_successor_is_due(ended: float, waited: float) -> None:
    assert overrun(NOON, after(seconds=ended)) == timedelta(seconds=waited)


CHECK = PlannedCheck(NOON, a_monitor())
AGAIN = PlannedCheck(after(seconds=1) + RECHECK_PAUSE, CHECK.monitor, is_recheck=True)


@pytest.mark.parametrize(
    ("known", "check", "result", "again"),
    [
        pytest.param([], CHECK, down(1), AGAIN, id="unknown and failing: again"),
        pytest.param([up(0)], CHECK, down(1), AGAIN, id="up and failing: again"),
        pytest.param([up(0)], CHECK, up(1), None, id="fine: not again"),
        pytest.param([], CHECK, slow(1), AGAIN, id="unknown and slow: again"),
        pytest.param([up(0)], CHECK, slow(1), AGAIN, id="up and slow: again"),
        pytest.param([slow(-2), slow(0)], CHECK, slow(1), None, id="degraded already: not again"),
        pytest.param([slow(-2), slow(0)], CHECK, down(1), AGAIN, id="degraded and failing: again"),
        pytest.param([down(-2), down(0)], CHECK, slow(1), None, id="down, and now slow: better is no news to look at"),
        pytest.param([up(0)], AGAIN, slow(1), None, id="slow twice: not a third time"),
        pytest.param([up(0)], CHECK, inconclusive(1), None, id="our fault: not again"),
        pytest.param([up(0)], AGAIN, down(1), None, id="failing twice: not a third time"),
        pytest.param([down(-2), down(0)], CHECK, down(1), None, id="down already: not again"),
    ],
)
def test_a_failure_that_is_news_is_checked_again(
    known: list[CheckResult], check: PlannedCheck, result: CheckResult, again: PlannedCheck | None
) -> None:
    view, _ = told(known)

    assert recheck(check, result, view) == again


@pytest.mark.parametrize(
    ("seen_to", "now", "outdated"),
    [
        pytest.param(None, after(seconds=1), False, id="first of all"),
        pytest.param(after(minutes=-1), after(seconds=1), False, id="the next minute"),
        pytest.param(NOON, after(seconds=1), True, id="seen to already"),
        pytest.param(after(minutes=1), after(seconds=61), True, id="overtaken"),
        pytest.param(after(minutes=-1), after(seconds=90), False, id="late"),
        pytest.param(after(minutes=-1), after(seconds=91), True, id="too late"),
    ],
)
def test_a_minute_is_run_once_and_not_too_late(seen_to: datetime | None, now: datetime, outdated: bool) -> None:
    due = ShardDue(region="eu-west-1", shard_id="s1", minute=NOON, fingerprint="f1")

    assert is_outdated(due, an_empty_view(minute=seen_to), now) is outdated
