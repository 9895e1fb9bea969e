"""Who waits for whom: checks of one host, whatever their kind."""

import pytest

from tests.support.builders import NOON, a_monitor
from tocsin.domain.check_kinds import (
    Check,
    DnsCheck,
    DomainCheck,
    HttpCheck,
    SshCheck,
    Step,
    StepsCheck,
    TcpCheck,
    WebSocketCheck,
)
from tocsin.domain.check_plan import PlannedCheck
from tocsin.probes.crowds import Crowds, host_of


def planned(name: str, host: str = "a") -> PlannedCheck:
    return PlannedCheck(NOON, a_monitor(name, check=TcpCheck(address=f"{host}.example:1")))


def inside(crowds: Crowds) -> list[str]:
    found = []
    while check := crowds.let_in():
        found.append(check.monitor.monitor_id)
    return found


def test_the_crowd_of_one_host_waits_in_the_order_it_came_in() -> None:
    crowds = Crowds(per_host=2)
    for check in (planned("1"), planned("2"), planned("3"), planned("4"), planned("other", "b")):
        crowds.come(check)

    assert inside(crowds) == ["1", "2", "other"]
    crowds.leave(planned("2"))
    assert (len(crowds), inside(crowds)) == (1, ["3"])
    crowds.leave(planned("other", "b"))
    assert (len(crowds), inside(crowds)) == (0, [])
    crowds.leave(planned("1"))
    assert inside(crowds) == ["4"]


@pytest.mark.parametrize(
    ("check", "host"),
    [
        (HttpCheck(url="https://Shop.example/a?b"), "shop.example:https"),
        (HttpCheck(url="http://[2001:db8::1]:8080/"), "2001:db8::1:8080"),
        (WebSocketCheck(url="wss://shop.example/socket"), "shop.example:wss"),
        (StepsCheck(steps=(Step(name="log in", http=HttpCheck(url="https://shop.example/")),)), "shop.example:https"),
        (HttpCheck(url="http://shop.example:port/"), "http://shop.example:port/"),
        (SshCheck(address="Shop.example:22"), "shop.example:22"),
        (DnsCheck(name="shop.example", server="9.9.9.9"), "dns:9.9.9.9"),
        (DnsCheck(name="shop.example"), "dns:shop.example"),
        (DomainCheck(name="shop.example"), "dns:example"),
        (DomainCheck(name="shop.example", server="https://rdap.example/"), "rdap.example:https"),
    ],
)
def test_the_host_that_a_check_asks(check: Check, host: str) -> None:
    assert host_of(check) == host
