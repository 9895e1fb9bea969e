"""UDP checks, and where datagrams may go: what a name leads to is judged, and what was judged is what is sent to."""

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support import probing
from tests.support.builders import NOON, a_monitor, expected
from tests.support.hostile_server import refusing_port
from tests.support.name_server import NameServer, Query, asked_for, reply
from tests.support.probing import LONG, LOOPBACK_ALLOWED, SHORT, told
from tocsin.domain.check_kinds import UdpCheck
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.expectations import Expectation
from tocsin.domain.place import Place
from tocsin.domain.targets import TargetRules
from tocsin.probes.attempt import Attempt
from tocsin.probes.clock import RunClock
from tocsin.probes.loop import Loop
from tocsin.probes.names.lookup import Lookups
from tocsin.probes.names.system import SystemFiles, SystemNames
from tocsin.probes.prober import Prober
from tocsin.probes.tools import Tools
from tocsin.probes.udp import UdpProbe
from tocsin.probes.web.tokens import Tokens
from tocsin.probes.web.transfers import Transfers


@contextmanager
def peer(answering: Callable[[bytes], Sequence[bytes]]) -> Iterator[int]:
    """A port whose every datagram is answered so."""
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                message, caller = line.recvfrom(0x10000)
                for each in answering(message):
                    line.sendto(each, caller)

    with socket.socket(type=socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(0.05)
        thread = threading.Thread(target=serve)
        thread.start()
        yield line.getsockname()[1]
        over.set()
        thread.join()


def check(
    prober: Prober,
    address: str,
    send: str = "",
    *expect: Expectation,
    timeout: timedelta = LONG,
    rules: TargetRules = LOOPBACK_ALLOWED,
) -> CheckResult:
    return probing.check(prober, UdpCheck(address=address, send=send), rules, timeout, expect=expect)


def test_what_comes_back_is_the_response(prober: Prober) -> None:
    with peer(lambda message: [b"you said " + message]) as port:
        address = f"localhost:{port}"
        right = check(prober, address, "caf\u00e9\n\x00", expected("response", equals="you said café\n\x00"))
        wrong = check(prober, address, "hello", expected("response", contains="goodbye"))

    assert told(right) == []
    assert right.timings.first_byte is not None
    assert [failure.expect for failure in wrong.failures] == ["response"]
    assert "you said hello" in wrong.message


def test_without_an_expectation_any_reply_is_enough_even_an_empty_one(prober: Prober) -> None:
    with peer(lambda _: [b""]) as port:
        assert check(prober, f"127.0.0.1:{port}").state is CheckState.UP


def test_bytes_that_are_no_text_are_read_all_the_same(prober: Prober) -> None:
    with peer(lambda _: [b"\xff\x00stats"]) as port:
        assert told(check(prober, f"127.0.0.1:{port}", "x", expected("response", contains="stats"))) == []


def test_nothing_comes_back(prober: Prober) -> None:
    with peer(lambda _: []) as port:
        result = check(prober, f"localhost:{port}", "hello", timeout=SHORT)

    message = "No datagram came back from localhost:PORT (127.0.0.1) within 0.3 s"
    assert told(result) == [("timeout", message)]


def test_nobody_listens(prober: Prober) -> None:
    with refusing_port() as port:
        result = check(prober, f"localhost:{port}", "hello")

    assert told(result) == [("connect", "Nothing listens for datagrams at localhost:PORT (127.0.0.1)")]


def test_more_than_a_datagram_holds(prober: Prober) -> None:
    result = check(prober, "127.0.0.1:9", "x" * 70_000)

    assert told(result) == [("connect", "What is to be sent to 127.0.0.1:PORT does not fit into one datagram")]


def test_a_port_is_needed(prober: Prober) -> None:
    assert [failure.expect for failure in check(prober, "localhost").failures] == ["address"]


@pytest.mark.parametrize("address", ["10.0.0.1:53", "localhost:53", "[::ffff:10.0.0.1]:53", "169.254.169.254:80"])
def test_nothing_is_sent_into_the_account(prober: Prober, address: str) -> None:
    result = check(prober, address, "hello", rules=TargetRules())

    assert [failure.expect for failure in result.failures] == ["address"]


class _ThisMachine(SystemFiles):
    def __init__(self, server: Place) -> None:
        self._told = SystemNames(servers=(server,))

    def names(self) -> SystemNames:
        return self._told


def check_by(server: NameServer, address: str) -> CheckResult:
    """With all names looked up at this server."""
    loop = Loop()
    lookups = Lookups(loop, _ThisMachine(server.place))
    found: list[CheckResult] = []
    monitor = a_monitor(check=UdpCheck(address=address, send="hello"), timeout=LONG)
    attempt = Attempt(monitor, RunClock(NOON), LOOPBACK_ALLOWED, lambda name: name, found.append)
    UdpProbe(Tools(loop, lookups, Transfers(loop), Path(), Tokens(loop))).start(attempt)
    while not found:
        loop.turn(1)
    return found[0]


def test_a_name_that_leads_to_the_metadata_address_is_refused() -> None:
    def answering(query: Query, _transport: str) -> list[bytes]:
        return [reply(query, *(["evil.example. 0 IN A 169.254.169.254"] if asked_for(query)[1] == "A" else []))]

    with NameServer(answering) as server:
        result = check_by(server, "evil.example:80")

    message = "evil.example is at 169.254.169.254, a link-local or metadata address, which is never checked"
    assert told(result) == [("address", message)]


def test_a_name_server_that_changes_its_mind_is_not_asked_twice() -> None:
    addresses = iter(["127.0.0.1"])

    def answering(query: Query, _transport: str) -> list[bytes]:
        if asked_for(query)[1] == "AAAA":
            return [reply(query)]
        return [reply(query, f"evil.example. 0 IN A {next(addresses, '169.254.169.254')}")]

    with NameServer(answering) as server, peer(lambda message: [message]) as port:
        first = check_by(server, f"evil.example:{port}")
        second = check_by(server, f"evil.example:{port}")

    assert first.state is CheckState.UP
    assert [failure.expect for failure in second.failures] == ["address"]
