"""Who is told what, and when nobody is: parents that are down, waver or come back, muting, silence."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.support.builders import NOON, a_monitor, a_vote, after
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.events import MonitorDegraded, MonitorWentDown
from tocsin.domain.monitor import MonitorStatus, forget, judge, unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Event
from tocsin.domain.suppression import Parent

UP, DEGRADED, DOWN = MonitorState
MONITOR = a_monitor(depends_on=("gateway",))
FINE = Parent("gateway", UP, after(days=-1))


@dataclass
class Life:
    """A monitor seen from one region, judged now and then."""

    status: MonitorStatus = field(default_factory=lambda: unjudged(MONITOR, NOON))
    told: list[tuple[float, str]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def at(
        self,
        minute: float,
        state: MonitorState | None,
        *parents: Parent,
        muted_by: str | None = None,
        checked: float | None = None,
        failing: bool = True,
    ) -> "Life":
        checked_at = after(minutes=minute if checked is None else checked)
        votes = (a_vote("eu", state, checked_at=checked_at, failing=failing and state is DOWN),) if state else ()
        self.status, events = judge(self.status, MONITOR, votes, after(minutes=minute), parents, muted_by)
        self.told += [(minute, type(event).__name__.removeprefix("Monitor")) for event in events]
        self.events += events
        return self


def gateway(state: MonitorState | None, since: float = -60, *, wavers: bool = False) -> Parent:
    return Parent("gateway", state, after(minutes=since), wavers)


def test_an_outage_without_parents_is_told_at_once_and_its_end_too() -> None:
    life = Life().at(0, UP).at(1, DOWN).at(2, DOWN).at(3, UP)

    assert life.told == [(0, "StatusChanged"), (1, "WentDown"), (3, "Recovered")]


def test_what_is_slow_is_told_as_slow_and_its_end_too() -> None:
    life = Life().at(0, UP).at(1, DEGRADED).at(2, UP)

    assert life.told == [(0, "StatusChanged"), (1, "Degraded"), (2, "Recovered")]
    assert life.events[1] == MonitorDegraded(
        occurred_at=after(minutes=1),
        monitor_id="shop",
        service_id="web",
        started_at=NOON,
        regions=("eu",),
        message="connection refused",
    )


def test_an_outage_that_ends_in_slowness_is_over_with_one_event() -> None:
    life = Life().at(0, UP).at(1, DOWN).at(2, DEGRADED).at(3, UP)

    assert life.told[1:] == [(1, "WentDown"), (2, "Degraded"), (3, "Recovered")]


def test_silence_is_told_once_and_its_end_is_shown() -> None:
    life = Life().at(0, UP).at(5, None).at(6, None).at(7, UP)

    assert life.told == [(0, "StatusChanged"), (5, "BecameUnknown"), (7, "StatusChanged")]


def test_an_outage_goes_on_through_silence() -> None:
    """The incident stays open; neither a second one nor a recovery comes of not knowing."""
    life = Life().at(0, UP).at(1, DOWN).at(6, None).at(7, DOWN).at(8, UP)

    assert life.told[1:] == [(1, "WentDown"), (6, "BecameUnknown"), (7, "StatusChanged"), (8, "Recovered")]


# depends_on ---------------------------------------------------------------------------------------


def test_while_a_parent_is_down_the_child_is_shown_and_nobody_is_told() -> None:
    life = Life().at(0, UP, FINE).at(2, DOWN, gateway(DOWN, 1)).at(3, DOWN, gateway(DOWN, 1))

    assert life.told[1:] == [(2, "StatusChanged")]
    assert (life.status.state, life.status.told) == (DOWN, UP)
    assert life.status.muted_by == "depends on gateway, which is down"
    assert life.status.due_at == after(minutes=2), "from then on the sweeper asks again"


def test_a_child_that_recovers_with_its_parent_was_never_told() -> None:
    life = Life().at(0, UP, FINE).at(2, DOWN, gateway(DOWN, 1)).at(5, UP, gateway(UP, 4))

    assert life.told[1:] == [(2, "StatusChanged"), (5, "StatusChanged")]
    assert (life.status.told, life.status.due_at) == (UP, None)


def test_a_child_that_fails_again_after_its_parent_has_recovered_is_told() -> None:
    life = Life().at(0, UP, FINE).at(2, DOWN, gateway(DOWN, 1))
    back = gateway(UP, 5)

    life.at(5.2, DOWN, back, checked=4.5)
    assert life.told[2:] == [(5.2, "StatusChanged")], "it was checked before the gateway was back"
    life.at(5.6, DOWN, back, checked=5.5, failing=False)
    assert life.told[3:] == [], "it has just had its first success"
    life.at(6.5, DOWN, back)
    assert life.told[3:] == [(6.5, "WentDown")]
    assert isinstance(life.events[-1], MonitorWentDown)
    assert life.events[-1].started_at == life.status.since


def test_a_heartbeat_that_is_still_silent_when_its_parent_is_back_is_told_at_once() -> None:
    """We do not call it: there is no next check to wait for."""
    heartbeat = a_monitor(check=HeartbeatCheck(period=timedelta(days=1)), depends_on=("gateway",))
    silent = a_vote("heartbeat", DOWN, checked_at=after(minutes=1))
    status, _ = judge(unjudged(heartbeat, NOON), heartbeat, (a_vote("heartbeat", UP),), NOON)
    status, _ = judge(status, heartbeat, (silent,), after(minutes=2), (gateway(DOWN, 1),))

    status, events = judge(status, heartbeat, (silent,), after(minutes=9), (gateway(UP, 8),))

    assert [type(event) for event in events] == [MonitorWentDown]
    assert status.due_at is None


def test_the_child_does_not_page_a_moment_before_its_parent_does() -> None:
    life = Life().at(0, UP, FINE).at(1, DOWN, gateway(UP, wavers=True))
    assert (life.status.due_at, life.status.held_since) == (after(minutes=1), after(minutes=1))

    life.at(1.5, DOWN, gateway(DOWN, 1))

    assert life.told[1:] == [(1, "StatusChanged"), (1.5, "StatusChanged")]
    assert life.status.muted_by is not None


def test_an_alert_waits_until_every_region_has_looked_at_the_parent_again() -> None:
    """The child refuses at once, the gateway times out after ten seconds: its failure is not known yet."""
    unseen, seen = FINE._replace(seen_at=after(minutes=-1)), FINE._replace(seen_at=after(minutes=1, seconds=1))

    life = Life().at(0, UP, FINE).at(1, DOWN, unseen).at(2, DOWN, seen)

    assert life.told[1:] == [(1, "StatusChanged"), (2, "WentDown")]


def test_a_parent_that_only_wavered_holds_the_alert_no_longer() -> None:
    life = Life().at(0, UP, FINE).at(1, DOWN, gateway(UP, wavers=True)).at(2, DOWN, FINE)

    assert life.told[1:] == [(1, "StatusChanged"), (2, "WentDown")]
    assert (life.status.due_at, life.status.held_since, life.status.told) == (None, None, DOWN)


@pytest.mark.parametrize("parent", [gateway(UP, wavers=True), gateway(None, wavers=True)], ids=["wavers", "unknown"])
def test_an_alert_is_held_for_two_minutes_at_most(parent: Parent) -> None:
    life = Life().at(0, UP, FINE).at(1, DOWN, parent).at(2.9, DOWN, parent).at(3, DOWN, parent)

    assert life.told[1:] == [(1, "StatusChanged"), (3, "WentDown")]


def test_a_parent_further_up_counts_as_well() -> None:
    network = Parent("network", DOWN, NOON)

    life = Life().at(0, UP, FINE).at(1, DOWN, gateway(UP), network)

    assert life.status.muted_by == "depends on network, which is down"


def test_what_was_told_before_the_parent_went_down_is_not_taken_back() -> None:
    life = Life().at(0, UP, FINE).at(1, DOWN, FINE).at(3, DOWN, gateway(DOWN, 2)).at(4, UP, gateway(DOWN, 2))

    assert life.told[1:] == [(1, "WentDown"), (3, "StatusChanged"), (4, "Recovered")]
    assert life.status.due_at is None


def test_slowness_under_a_parent_that_is_down_is_not_told_either() -> None:
    life = Life().at(0, UP, FINE).at(1, DEGRADED, gateway(DOWN, 0.5)).at(3, UP, FINE)

    assert life.told[1:] == [(1, "StatusChanged"), (3, "StatusChanged")]


# maintenance and pause ----------------------------------------------------------------------------

WINDOW = "maintenance: DB upgrade until 14:00"


def test_an_outage_within_a_window_is_shown_and_not_told() -> None:
    life = Life().at(0, UP).at(1, UP, muted_by=WINDOW).at(2, DOWN, muted_by=WINDOW).at(3, UP, muted_by=WINDOW).at(4, UP)

    assert {kind for _, kind in life.told} == {"StatusChanged"}


def test_one_that_outlives_the_window_is_told_at_its_end() -> None:
    life = Life().at(0, UP).at(2, DOWN, muted_by=WINDOW).at(4, DOWN)

    assert life.told[1:] == [(2, "StatusChanged"), (4, "WentDown")]
    assert life.status.muted_by is None


def test_an_outage_from_before_the_window_ends_within_it() -> None:
    life = Life().at(0, UP).at(1, DOWN).at(2, DOWN, muted_by=WINDOW).at(3, UP, muted_by=WINDOW)

    assert life.told[1:] == [(1, "WentDown"), (2, "StatusChanged"), (3, "Recovered")]


def test_an_outage_that_eases_within_a_window_is_over() -> None:
    life = Life().at(0, UP).at(1, DOWN).at(3, DEGRADED, muted_by=WINDOW)

    assert life.told[1:] == [(1, "WentDown"), (3, "Degraded")]


def test_a_monitor_that_is_paused_falls_silent_without_alarm() -> None:
    life = Life().at(0, UP).at(5, None, muted_by="paused")

    assert life.told[1:] == [(5, "StatusChanged")]


def test_muting_alone_does_not_make_the_sweeper_ask() -> None:
    assert Life().at(0, UP).at(1, DOWN, muted_by=WINDOW).status.due_at is None


def test_news_is_told_in_the_order_in_which_it_happened() -> None:
    life = Life().at(0, UP).at(1, DOWN, muted_by=WINDOW).at(1.1, DOWN, checked=1).at(1.2, UP, checked=1)

    instants = [event.occurred_at for event in life.events]
    assert instants == sorted(set(instants))


def test_a_monitor_that_was_removed_is_news_again() -> None:
    life = Life().at(0, UP).at(1, DOWN).at(6, None)

    life.status = forget(life.status, after(minutes=7))
    life.at(8, DOWN)

    assert life.told[-1] == (8, "WentDown")
    assert life.events[-1].occurred_at > after(minutes=7)
    assert forget(unjudged(MONITOR, NOON), after(minutes=1)) == unjudged(MONITOR, NOON)


def test_news_after_a_removal_is_newer_than_that_though_the_votes_are_not() -> None:
    """Else it would be taken for what the removal has ended."""
    life = Life().at(0, UP).at(1, DOWN)

    life.status = forget(life.status, after(minutes=1.4))
    life.at(1.5, DOWN, checked=1)

    assert life.told[-1] == (1.5, "WentDown")
    assert life.events[-1].occurred_at > after(minutes=1.4)


def test_flapping_is_said_with_the_outage_and_on_the_status() -> None:
    status, _ = judge(unjudged(MONITOR, NOON), MONITOR, (a_vote("eu", UP),), NOON)
    flapping = a_vote("eu", DOWN, checked_at=after(minutes=1), flapping=True, message="flapping: 5 of the last 10")

    status, events = judge(status, MONITOR, (flapping,), after(minutes=1))

    assert [event.flapping for event in events if isinstance(event, MonitorWentDown)] == [True]
    assert (status.flapping, status.message) == (True, "flapping: 5 of the last 10")


def test_an_outage_that_turns_out_to_be_flapping_is_not_told_again() -> None:
    life = Life().at(0, UP).at(1, DOWN)
    vote = a_vote("eu", DOWN, checked_at=after(minutes=2), flapping=True, message="flapping", failing=True)

    status, events = judge(life.status, MONITOR, (vote,), after(minutes=2))

    assert (status.flapping, status.message, events) == (True, "flapping", ())
    assert status.since == life.status.since
