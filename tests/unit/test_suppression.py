"""Whom a monitor depends on, and when one of these may be about to go down."""

import pytest

from tests.support.builders import NOON, a_monitor, a_vote, after
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.suppression import ancestors, parent
from tocsin.errors import NotFoundError

UP, DEGRADED, DOWN = MonitorState


def family(*monitors: Monitor) -> list[str]:
    """The ancestors of the first one."""
    by_id = {monitor.monitor_id: monitor for monitor in monitors}

    def read(monitor_id: str) -> Monitor:
        if monitor_id not in by_id:
            raise NotFoundError(monitor_id)
        return by_id[monitor_id]

    return [each.monitor_id for each in ancestors(monitors[0], read)]


def test_ancestors_are_found_at_every_remove_the_nearest_first() -> None:
    shop = a_monitor("shop", depends_on=("api", "dns"))
    api, dns = a_monitor("api", depends_on=("gateway", "dns")), a_monitor("dns")

    assert family(shop, api, dns, a_monitor("gateway")) == ["api", "dns", "gateway"]


def test_those_that_are_gone_or_paused_are_no_excuse() -> None:
    shop = a_monitor("shop", depends_on=("gone", "resting"))

    assert family(shop, a_monitor("resting", paused=True)) == []


def test_a_circle_ends() -> None:
    assert family(a_monitor("a", depends_on=("b",)), a_monitor("b", depends_on=("a", "b"))) == ["b"]


@pytest.mark.parametrize(
    ("state", "failing", "checked", "wavers"),
    [
        pytest.param(UP, False, 10, False, id="fine"),
        pytest.param(UP, True, 10, True, id="its last check failed"),
        pytest.param(UP, True, 0, False, id="a check failed long ago, in a region that is silent"),
        pytest.param(None, False, 10, True, id="unknown"),
        pytest.param(DEGRADED, False, 10, False, id="slow"),
    ],
)
def test_a_parent_wavers(state: MonitorState | None, failing: bool, checked: float, wavers: bool) -> None:
    votes = [a_vote("eu", UP, checked_at=after(minutes=checked), failing=failing)]

    assert parent(a_monitor(), state, NOON, votes, after(minutes=10)).wavers is wavers


def test_a_parent_was_seen_when_the_last_region_looked_at_it() -> None:
    votes = [a_vote(f"region-{minute}", UP, checked_at=after(minutes=minute)) for minute in (0, 8, 9)]

    assert parent(a_monitor(), UP, NOON, votes, after(minutes=10)).seen_at == after(minutes=8), "one is silent"
    assert parent(a_monitor(check=HeartbeatCheck()), UP, NOON, votes, after(minutes=10)).seen_at is None
