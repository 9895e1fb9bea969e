"""The life of a heartbeat: stories, the exact instants, and when cron makes it due, against a naive calculation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support.builders import NOON, after
from tests.support.naive_on_call import naive_instant
from tests.support.schedules import at
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.events import ObservationChanged
from tocsin.domain.heartbeat import (
    Call,
    CallKind,
    Heartbeat,
    down_at,
    due_at,
    is_late,
    pass_time,
    receive,
    vote_of,
)
from tocsin.domain.monitor_state import MonitorState

HOURLY = HeartbeatCheck(period=timedelta(hours=1), grace=timedelta(minutes=10))
NEW = Heartbeat(monitor_id="backup")
UP, DOWN = MonitorState.UP, MonitorState.DOWN
A_MICROSECOND = timedelta(microseconds=1)


def a_call(kind: str, minutes: float = 0, **fields: Any) -> Call:
    return Call(kind=CallKind(kind), at=after(minutes=minutes), **fields)


def lived(*calls: Call, heartbeat: Heartbeat = NEW) -> Heartbeat:
    for call in calls:
        heartbeat, _ = receive(heartbeat, call)
    return heartbeat


def changed(state: MonitorState, minutes: float = 0, message: str = "") -> ObservationChanged:
    moment = after(minutes=minutes)
    return ObservationChanged(
        occurred_at=moment, monitor_id="backup", region="heartbeat", state=state, since=moment, message=message
    )


OVERDUE = "it was due at 2026-03-02 13:00 UTC and was not called in the 10 minutes after that"
UNFINISHED = "the run that began at 2026-03-02 12:00 UTC did not end within 10 minutes"


# stories ------------------------------------------------------------------------------------------


def test_one_that_was_never_called_is_unknown_however_long() -> None:
    assert pass_time(NEW, HOURLY, after(days=400)) == (NEW, ())
    assert (due_at(NEW, HOURLY), down_at(NEW, HOURLY), vote_of(NEW, HOURLY, NOON)) == (None, None, None)


def test_the_first_call_makes_it_up_and_the_next_ones_change_nothing() -> None:
    first, events = receive(NEW, a_call("success"))
    second, silence = receive(first, a_call("success", 55))

    assert (first.state, first.since, events) == (UP, NOON, (changed(UP),))
    assert (second.state, second.since, second.called_at, silence) == (UP, NOON, after(minutes=55), ())


def test_it_is_late_from_the_due_instant_and_down_from_the_end_of_its_grace() -> None:
    up = lived(a_call("success"))
    due, down = after(hours=1), after(hours=1, minutes=10)

    assert [is_late(up, HOURLY, moment) for moment in (due - A_MICROSECOND, due)] == [False, True]
    assert pass_time(up, HOURLY, down - A_MICROSECOND) == (up, ())
    assert pass_time(up, HOURLY, down)[1] == (changed(DOWN, 70, OVERDUE),)


def test_it_went_down_when_its_grace_was_over_not_when_that_was_noticed_and_is_told_once() -> None:
    down, events = pass_time(lived(a_call("success")), HOURLY, after(hours=9))

    assert (down.since, down.message, events) == (after(minutes=70), OVERDUE, (changed(DOWN, 70, OVERDUE),))
    assert pass_time(down, HOURLY, after(hours=20)) == (down, ())
    assert (due_at(down, HOURLY), down_at(down, HOURLY)) == (None, None)


def test_a_call_after_that_recovers_it_at_once() -> None:
    down, _ = pass_time(lived(a_call("success")), HOURLY, after(minutes=70))

    up, events = receive(down, a_call("success", 90))

    assert (up.state, up.since, up.message, events) == (UP, after(minutes=90), "", (changed(UP, 90),))
    assert due_at(up, HOURLY) == after(minutes=150)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        pytest.param(a_call("fail"), "it reported a failure", id="fail"),
        pytest.param(a_call("fail", exit_code=3), "it ended with exit code 3", id="an exit code"),
        pytest.param(
            a_call("fail", exit_code=3, body="disk\nfull"), 'it ended with exit code 3: "disk full"', id="what it wrote"
        ),
        pytest.param(a_call("fail", body=" \n"), "it reported a failure", id="nothing but space"),
    ],
)
@pytest.mark.parametrize("before", [NEW, lived(a_call("success", -5)), lived(a_call("start", -5))], ids=str)
def test_a_failure_is_down_at_once(before: Heartbeat, call: Call, said: str) -> None:
    down, events = receive(before, call)

    assert (down.state, down.since, down.message, events) == (DOWN, NOON, said, (changed(DOWN, 0, said),))


def test_a_long_body_is_shortened_in_the_message() -> None:
    assert len(lived(a_call("fail", body="word " * 2000)).message) < 300


def test_another_failure_says_what_it_found_and_is_no_news() -> None:
    down, events = receive(lived(a_call("fail")), a_call("fail", 5, exit_code=2))

    assert (down.since, down.message, events) == (NOON, "it ended with exit code 2", ())


# runs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [NEW, lived(a_call("success", -30))], ids=["new", "up"])
def test_a_run_that_does_not_end_within_the_grace_is_down(before: Heartbeat) -> None:
    started, events = receive(before, a_call("start"))

    assert (started.state, events) == (before.state, ())
    assert pass_time(started, HOURLY, after(minutes=10) - A_MICROSECOND) == (started, ())
    assert pass_time(started, HOURLY, after(minutes=10))[1] == (changed(DOWN, 10, UNFINISHED),)


def test_a_run_that_begins_shortly_before_it_is_due_has_until_its_own_grace_is_over() -> None:
    assert down_at(lived(a_call("success"), a_call("start", 65)), HOURLY) == after(minutes=70)
    assert down_at(lived(a_call("success"), a_call("start", 55)), HOURLY) == after(minutes=65)


def test_a_run_is_measured_from_its_beginning_to_its_end() -> None:
    ended = lived(a_call("start", run_id="one"), a_call("success", 7, run_id="one"))

    assert (ended.lasted, ended.started_at, ended.run_id) == (timedelta(minutes=7), None, None)
    assert lived(a_call("success", 20), heartbeat=ended).lasted is None


@pytest.mark.parametrize(
    ("call", "still_runs", "lasted"),
    [
        pytest.param(a_call("success", 5, run_id="one"), False, timedelta(minutes=5), id="its own success"),
        pytest.param(a_call("fail", 5, run_id="one"), False, timedelta(minutes=5), id="its own failure"),
        pytest.param(a_call("success", 5, run_id="other"), True, None, id="another run's success leaves it open"),
        pytest.param(a_call("fail", 5, run_id="other"), False, None, id="another run's failure ends it, unmeasured"),
        pytest.param(a_call("success", 5), False, None, id="a success of no run ends it, unmeasured"),
    ],
)
def test_which_calls_end_a_run(call: Call, still_runs: bool, lasted: timedelta | None) -> None:
    heartbeat = lived(a_call("start", run_id="one"), call)

    assert ((heartbeat.started_at is not None), heartbeat.lasted) == (still_runs, lasted)


def test_a_run_left_open_is_down_although_another_succeeded() -> None:
    heartbeat = lived(a_call("start", run_id="one"), a_call("success", 5, run_id="other"))

    assert pass_time(heartbeat, HOURLY, after(minutes=10))[0].message == UNFINISHED


def test_two_runs_without_ids_are_one() -> None:
    assert lived(a_call("start"), a_call("start", 3), a_call("success", 5)).lasted == timedelta(minutes=2)


# what it says of its monitor ----------------------------------------------------------------------


def test_its_vote_does_not_age_and_knows_what_is_overdue_before_anybody_noticed() -> None:
    up = lived(a_call("success"))

    votes = [vote_of(up, HOURLY, moment) for moment in (after(minutes=69), after(minutes=70), after(days=9))]

    said = [(vote.state, vote.since, vote.message) for vote in votes if vote]
    assert said == [(UP, NOON, ""), *[(DOWN, after(minutes=70), OVERDUE)] * 2]


# when it is due by cron ---------------------------------------------------------------------------


def by_cron(cron: str, zone: str = "Europe/Prague") -> HeartbeatCheck:
    return HeartbeatCheck(cron=cron, time_zone=zone, grace=timedelta(hours=1))


def called(moment: datetime) -> Heartbeat:
    return Heartbeat(monitor_id="backup", state=UP, since=moment, called_at=moment)


@pytest.mark.parametrize(
    ("zone", "shown", "due", "down"),
    [
        pytest.param("Europe/Prague", "2026-03-28T12:00", "03-29 01:00", "03-29 02:00", id="Prague, in the gap"),
        pytest.param("Europe/Prague", "2026-10-24T12:00", "10-25 00:30", "10-25 01:30", id="Prague, the first of two"),
        pytest.param("America/Chicago", "2026-03-07T12:00", "03-08 08:00", "03-08 09:00", id="Chicago, in the gap"),
        pytest.param("Australia/Lord_Howe", "2026-10-03T12:00", "10-03 15:30", "10-03 16:30", id="Lord Howe, the end"),
    ],
)
def test_grace_is_added_to_the_instant_not_to_the_wall_clock(zone: str, shown: str, due: str, down: str) -> None:
    heartbeat, check = called(at(shown, zone)), by_cron("30 2 * * *", zone)

    assert f"{due_at(heartbeat, check):%m-%d %H:%M}" == due
    assert f"{down_at(heartbeat, check):%m-%d %H:%M}" == down


CHANGES = {
    "Europe/Prague": ("2026-03-29", "2026-10-25"),
    "America/Chicago": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
}
CLOCKS = ["00:00", "01:15", "01:30", "01:45", "02:00", "02:15", "02:30", "02:45", "03:00"]


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("which", [0, 1], ids=["first change", "second change"])
@pytest.mark.parametrize("clock", CLOCKS)
def test_once_a_day_across_changes_of_the_clocks(zone: str, which: int, clock: str) -> None:
    change = datetime.fromisoformat(CHANGES[zone][which])
    hour, minute = clock.split(":")
    check = by_cron(f"{int(minute)} {int(hour)} * * *", zone)
    days = [change + timedelta(days=number, hours=int(hour), minutes=int(minute)) for number in range(-3, 5)]
    naive = [naive_instant(shown, zone) for shown in days]
    quarters = [change.replace(tzinfo=UTC) + timedelta(minutes=15 * number) for number in range(-96, 192)]

    found = [due_at(called(quarter), check) for quarter in quarters]

    assert found == [min(due for due in naive if due > quarter) for quarter in quarters]


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("which", [0, 1], ids=["first change", "second change"])
def test_each_hour_across_changes_of_the_clocks_is_each_real_hour(zone: str, which: int) -> None:
    change = datetime.fromisoformat(CHANGES[zone][which]).replace(tzinfo=UTC)
    check = by_cron("45 * * * *", zone)
    minutes = [change + timedelta(minutes=number) for number in range(-1440, 2880)]
    showing = [minute for minute in minutes if minute.astimezone(at("2026-01-01", zone).tzinfo).minute == 45]
    quarters = [minute for minute in minutes[:-120] if minute.minute % 15 == 0]

    found = [due_at(called(quarter), check) for quarter in quarters]

    assert found == [min(due for due in showing if due > quarter) for quarter in quarters]
