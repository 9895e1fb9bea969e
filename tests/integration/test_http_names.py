"""HTTP checks by name: dead names disturb nobody, and no answer of a name server leads into the account."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.builders import NOON, a_monitor
from tests.support.hostile_server import HostileServer
from tests.support.name_server import NameServer, Query, asked_for, reply, zone
from tests.support.probing import LOOPBACK_ALLOWED, check_http
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import CheckState, Monitor
from tocsin.domain.targets import TargetRules
from tocsin.probes.prober import Prober


class LoopbackInTheOpen(TargetRules):
    """As a region without private targets sees it, but for 127.0.0.1: a test's name server can only be there."""

    def refusal(self, address: str, port: int) -> str | None:
        return None if address == "127.0.0.1" else super().refusal(address, port)


@pytest.fixture(scope="module")
def prober() -> Prober:
    return Prober()


@pytest.fixture(scope="module")
def web() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


def but_for_dead_ones(query: Query, _transport: str) -> list[bytes]:
    name, kind = asked_for(query)
    if name.startswith("dead"):
        return []
    return [reply(query, *([f"{name}. 60 IN A 127.0.0.1"] if kind == "A" else []))]


@pytest.mark.parametrize(("dead", "healthy"), [(40, 200), (200, 800)])
def test_all_healthy_ones_pass_beside_names_that_never_answer(
    prober: Prober, web: HostileServer, dead: int, healthy: int
) -> None:
    def watching(name: str, timeout: float, names: NameServer) -> Monitor:
        check = HttpCheck(url=web.url(host=f"{name}.example"), resolver=str(names.place))
        return a_monitor(name, check=check, timeout=timedelta(seconds=timeout))

    with NameServer(but_for_dead_ones) as names:
        monitors = [watching(f"dead{number}", 2, names) for number in range(dead)]
        monitors += [watching(f"shop{number}", 30, names) for number in range(healthy)]
        found = prober.check_all(monitors, now=NOON, rules=LOOPBACK_ALLOWED)

    states = Counter((result.state.value, *(failure.expect for failure in result.failures)) for result in found)
    assert states == {("up",): healthy, ("down", "timeout"): dead}
    assert all(result.monitor_id.startswith("dead") for result in found if result.state is CheckState.DOWN)


@pytest.mark.parametrize("address", ["169.254.169.254", "10.0.0.1"])
def test_an_address_in_the_account_is_refused_whoever_tells_it(prober: Prober, address: str) -> None:
    with NameServer(zone(evil=address)) as names:
        result = check_http(prober, "http://evil.example/", LoopbackInTheOpen(), resolver=str(names.place))

    assert [failure.expect for failure in result.failures] == ["address"]
    assert f"evil.example is at {address}, " in result.message


def test_a_redirect_to_such_a_name_is_refused_as_well(prober: Prober, web: HostileServer) -> None:
    with NameServer(zone(shop="127.0.0.1", evil="169.254.169.254")) as names:
        url = web.url("/to?http://evil.example/", "shop.example")
        result = check_http(prober, url, LoopbackInTheOpen(), resolver=str(names.place))

    assert [failure.expect for failure in result.failures] == ["address"]


def test_a_name_server_that_changes_its_mind_gains_nothing(prober: Prober, web: HostileServer) -> None:
    """What is connected to is the very address that was judged: one lookup a request, and the next is judged anew."""
    addresses = iter(["127.0.0.1"])

    def answering(query: Query, _transport: str) -> list[bytes]:
        if asked_for(query)[1] == "AAAA":
            return [reply(query)]
        return [reply(query, f"evil.example. 0 IN A {next(addresses, '169.254.169.254')}")]

    with NameServer(answering) as names:
        first = check_http(prober, web.url("/", "evil.example"), resolver=str(names.place))
        second = check_http(prober, web.url("/", "evil.example"), resolver=str(names.place))

    assert first.state is CheckState.UP
    assert [failure.expect for failure in second.failures] == ["address"]
    assert [asked for asked in names.asked if " A " in asked] == ["evil.example A udp"] * 2
