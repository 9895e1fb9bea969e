"""Names are looked up beside each other: those that get no answer hold up nobody."""

import os
import resource
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.hostile_server import refusing_port
from tests.support.name_server import Answering, NameServer, Query, asked_for, reply, zone
from tocsin.domain.checks import Failure
from tocsin.domain.place import Place
from tocsin.probes.loop import Loop
from tocsin.probes.names.lookup import Lookups
from tocsin.probes.names.resolve import Addresses
from tocsin.probes.names.system import SystemFiles, SystemNames

SHORT, LONG = timedelta(milliseconds=300), timedelta(seconds=30)
SHOP = zone(shop="192.0.2.1")


class ThisMachine(SystemFiles):
    """A machine whose files say this."""

    def __init__(self, *servers: Place, **fields: Any) -> None:
        self._told = SystemNames(servers=servers, **fields)

    def names(self) -> SystemNames:
        return self._told


def found(
    lookups: Lookups, loop: Loop, *hosts: str, limit: timedelta = LONG, server: Place | None = None
) -> dict[str, Addresses | str]:
    """What each host's lookup says, its failure as expectation and message. Dead ones are not waited for long."""
    answers: dict[str, Addresses | str] = {}
    for host in hosts:
        patience = SHORT if host.startswith("dead") else limit
        lookups.find(host, patience, lambda each, host=host: answers.update({host: _told(each)}), server)  # type: ignore[misc]
    while len(answers) < len(hosts):
        loop.turn(1)
    return answers


def one(answering: Answering, host: str, **fields: Any) -> tuple[Addresses | str, Sequence[str]]:
    """What is found, and what the only name server of this machine was asked for IPv4 addresses."""
    with NameServer(answering) as server:
        loop = Loop()
        answer = found(Lookups(loop, ThisMachine(server.place, **fields)), loop, host)[host]
        if isinstance(answer, str):
            answer = answer.replace(str(server.place), "SERVER")
        return answer, [asked for asked in server.asked if " A " in asked]


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _told(answer: Addresses | Failure) -> Addresses | str:
    return f"{answer.expect}: {answer.message}" if isinstance(answer, Failure) else answer


def dead_when_asked(query: Query, _transport: str) -> list[bytes]:
    """Names that begin with "dead" get no answer."""
    name, kind = asked_for(query)
    if name.startswith("dead"):
        return []
    return [reply(query, *([f"{name}. 60 IN A 192.0.2.1"] if kind == "A" else []))]


@pytest.mark.parametrize(("dead", "healthy"), [(40, 200), (200, 800)])
def test_dead_names_hold_up_nobody(dead: int, healthy: int) -> None:
    loop, threads = Loop(), threading.active_count()
    silent = [f"dead{number}.example" for number in range(dead)]
    answering = [f"shop{number}.example" for number in range(healthy)]

    with NameServer(dead_when_asked) as server:
        lookups = Lookups(loop, ThisMachine(server.place))
        answers = found(lookups, loop, *silent, *answering)
        assert threading.active_count() == threads + 1, "the name server's own"

    assert {host: answers[host] for host in answering} == dict.fromkeys(answering, ("192.0.2.1",))
    assert {str(answers[host]).split(" (")[0] for host in silent} == {
        f"timeout: No answer to the lookup of the name {host} within 0.3 s" for host in silent
    }


def test_lookups_leave_no_socket_behind() -> None:
    loop, before = Loop(), open_files()

    with NameServer(dead_when_asked) as server:
        lookups = Lookups(loop, ThisMachine(server.place))
        found(lookups, loop, "dead.example", "shop.example")
        lookups.find("dead.example", LONG, lambda _: None).stop()

    assert open_files() == before


@contextmanager
def no_more_files() -> Iterator[None]:
    limits, taken = resource.getrlimit(resource.RLIMIT_NOFILE), []
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for descriptor in taken:
            os.close(descriptor)


def test_without_a_free_file_nobody_else_is_to_blame() -> None:
    loop = Loop()
    lookups = Lookups(loop, ThisMachine(Place("127.0.0.1", 9)))

    with no_more_files():
        answer = found(lookups, loop, "dead.example")["dead.example"]

    assert str(answer).startswith("checker: The checker itself failed: too many open files to ask for dead.example")


def test_a_server_that_is_silent_or_ill_is_left_for_the_next() -> None:
    loop = Loop()

    with (
        NameServer(lambda query, _: [reply(query, rcode="SERVFAIL")]) as ill,
        NameServer(lambda *_: []) as silent,
        NameServer(SHOP) as well,
        refusing_port() as port,
    ):
        machine = ThisMachine(Place("127.0.0.1", port), ill.place, silent.place, well.place)
        assert found(Lookups(loop, machine), loop, "shop.example") == {"shop.example": ("192.0.2.1",)}


def test_a_question_that_was_lost_is_asked_again() -> None:
    asked: list[str] = []

    def loses_the_first(query: Query, transport: str) -> list[bytes]:
        asked.append(" ".join(asked_for(query)))
        return SHOP(query, transport) if asked.count(asked[-1]) > 1 else []

    assert one(loses_the_first, "shop.example") == (("192.0.2.1",), ["shop.example A udp"] * 2)


def test_checks_of_one_name_at_the_same_time_share_the_lookup() -> None:
    loop = Loop()
    answers: list[Addresses | Failure] = []

    with NameServer(SHOP) as server:
        lookups = Lookups(loop, ThisMachine(server.place))
        for _ in range(3):
            lookups.find("shop.example", LONG, answers.append)
        while len(answers) < 3:
            loop.turn(1)

    assert answers == [("192.0.2.1",)] * 3
    assert [asked for asked in server.asked if " A " in asked] == ["shop.example A udp"]


def test_the_next_check_looks_the_name_up_anew() -> None:
    loop = Loop()

    with NameServer(SHOP) as server:
        lookups = Lookups(loop, ThisMachine(server.place))
        for _ in range(2):
            found(lookups, loop, "shop.example")

    assert [asked for asked in server.asked if " A " in asked] == ["shop.example A udp"] * 2


def test_a_lookup_that_was_stopped_says_nothing_and_leaves_the_others_theirs() -> None:
    loop = Loop()
    answers: list[Addresses | Failure] = []

    with NameServer(SHOP) as server:
        lookups = Lookups(loop, ThisMachine(server.place))
        lookups.find("shop.example", LONG, answers.append).stop()
        stopped = lookups.find("shop.example", LONG, answers.append)
        lookups.find("shop.example", LONG, answers.append)
        stopped.stop()

        assert found(lookups, loop, "other.example", "shop.example")["shop.example"] == ("192.0.2.1",)

    assert answers == [("192.0.2.1",)]


def test_nobody_is_asked_for_addresses_and_for_names_of_the_hosts_file() -> None:
    loop = Loop()
    lookups = Lookups(loop, ThisMachine(hosts={"printer": ("192.0.2.9",), "localhost": ("127.0.0.1",)}))

    assert found(lookups, loop, "192.0.2.7", "127.1", "::1", "Printer", "localhost") == {
        "127.1": ("127.0.0.1",),
        "192.0.2.7": ("192.0.2.7",),
        "::1": ("::1",),
        "Printer": ("192.0.2.9",),
        "localhost": ("127.0.0.1",),
    }
    assert "127.0.0.1" in found(lookups, loop, "shop.localhost")["shop.localhost"]


@pytest.mark.parametrize(
    ("records", "told"),
    [
        pytest.param([], "does not resolve to an address: SERVER knows of no address", id="no address"),
        pytest.param(
            ["shop.example. 60 IN CNAME cdn.example."],
            "does not resolve to an address: SERVER knows of no address; it is another name for cdn.example",
            id="a name for a name without address",
        ),
        pytest.param(
            ["shop.example. 60 IN CNAME cdn.example.", "cdn.example. 60 IN CNAME shop.example."],
            "leads in a circle: shop.example → cdn.example → shop.example",
            id="circle",
        ),
        pytest.param(
            ["elsewhere.example. 60 IN A 192.0.2.66"],
            "does not resolve to an address: SERVER knows of no address",
            id="the address of another name",
        ),
    ],
)
def test_names_without_address(records: list[str], told: str) -> None:
    answer, _ = one(lambda query, _: [reply(query, *records)], "shop.example")

    assert answer == f"lookup: The name shop.example {told}"


@pytest.mark.parametrize(
    ("rcode", "told"),
    [
        ("NXDOMAIN", "does not resolve to an address: SERVER knows that it does not exist"),
        ("SERVFAIL", "could not be looked up: SERVER answers SERVFAIL"),
        ("REFUSED", "could not be looked up: SERVER answers REFUSED"),
    ],
)
def test_servers_that_know_nothing(rcode: str, told: str) -> None:
    answer, _ = one(lambda query, _: [reply(query, rcode=rcode)], "shop.example")

    assert answer == f"lookup: The name shop.example {told}"


def test_other_names_lead_to_the_addresses() -> None:
    records = ["Shop.Example. 60 IN CNAME a.cdn.example.", "a.cdn.example. 60 IN CNAME b.cdn.example."]

    answer, _ = one(lambda query, _: [reply(query, *records, "b.cdn.example. 9 IN A 192.0.2.3")], "SHOP.example")

    assert answer == ("192.0.2.3",)


def test_search_domains_are_tried_as_the_system_tries_them() -> None:
    known = zone(**{"db.internal": "192.0.2.5", "api.eu": "192.0.2.6"})
    search = {"search": ("corp", "internal.example", "example")}

    assert one(known, "db", **search) == (("192.0.2.5",), ["db.corp A udp", "db.internal.example A udp"])
    assert one(known, "api.eu", **search)[1][0] == "api.eu A udp"
    assert one(known, "db.", **search)[1] == ["db A udp"]


def test_a_failure_is_about_the_name_that_was_looked_up() -> None:
    answer, asked = one(SHOP, "none.example", search=("corp.example",))

    said = "The name none.example does not resolve to an address: SERVER knows that it does not exist"
    assert (answer, asked) == (
        f"lookup: {said}",
        ["none.example A udp", "none.example.corp.example A udp"],
    )


def test_a_server_of_the_last_century_is_asked_in_its_own_way() -> None:
    def answering(query: Query, transport: str) -> list[bytes]:
        return [reply(query, rcode="FORMERR")] if query.edns >= 0 else SHOP(query, transport)

    assert one(answering, "shop.example")[0] == ("192.0.2.1",)


def test_a_name_in_other_letters() -> None:
    assert one(zone(**{"xn--bcher-kva": "192.0.2.8"}), "bücher.example")[0] == ("192.0.2.8",)


@pytest.mark.parametrize(
    "host", ["", "\0" * 64, "x" * 64 + ".example", ".".join(["x" * 60] * 5), "a..example", "é" * 70]
)
def test_what_can_be_no_name(host: str) -> None:
    answer, asked = one(SHOP, host)

    assert (answer, asked) == (f"lookup: {host} is no name that could have an address", [])


def test_when_the_machines_own_name_server_is_not_there_the_fault_is_ours() -> None:
    loop = Loop()

    with refusing_port() as port:
        here = Place("127.0.0.1", port)
        own = found(Lookups(loop, ThisMachine(here)), loop, "shop.example")
        chosen = found(Lookups(loop, ThisMachine()), loop, "shop.example", server=here)

    refusal = f"The name server {here} refuses to be asked: nothing listens there"
    why = f"The name shop.example could not be looked up: {refusal}"
    assert own == {"shop.example": f"checker: The checker itself failed: {why}"}
    assert chosen == {"shop.example": f"lookup: {why}"}


def test_a_chosen_server_is_asked_instead_of_the_machines_and_answers_are_not_mixed_up() -> None:
    loop = Loop()

    with NameServer(SHOP) as own, NameServer(zone(shop="192.0.2.99")) as chosen:
        machine = ThisMachine(own.place, hosts={"db": ("192.0.2.50",)}, search=("example",))
        lookups = Lookups(loop, machine)
        answers: list[Addresses | Failure] = []
        lookups.find("shop.example", LONG, answers.append)
        lookups.find("shop.example", LONG, answers.append, chosen.place)
        while len(answers) < 2:
            loop.turn(1)
        assert "does not exist" in str(found(lookups, loop, "db", server=chosen.place)["db"])

    assert sorted(map(str, answers)) == ["('192.0.2.1',)", "('192.0.2.99',)"]


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    resolv, hosts = tmp_path / "resolv.conf", tmp_path / "hosts"
    resolv.write_text(
        "# ours\nnameserver 10.0.0.2\nnameserver dns.example\nnameserver fe80::1%eth0 ;\nsearch a.example b.example.\n"
    )
    hosts.write_text("192.0.2.1 Shop shop.example # ours\n2001:db8::1 shop\nnonsense printer\n\n")
    yield resolv, hosts


def test_the_machines_files_are_read_and_read_again_when_they_change(files: tuple[Path, Path]) -> None:
    system = SystemFiles(*files)
    first = system.names()

    files[0].write_text("options ndots:2 timeout:1")
    os.utime(files[0], (1, 1))

    assert first == SystemNames(
        servers=(Place("10.0.0.2", 53), Place("fe80::1%eth0", 53)),
        search=("a.example", "b.example"),
        hosts={"shop": ("192.0.2.1", "2001:db8::1"), "shop.example": ("192.0.2.1",)},
    )
    assert (system.names().servers, system.names().dots) == ((Place("127.0.0.1", 53),), 2)


def test_a_machine_without_these_files_asks_itself(tmp_path: Path) -> None:
    assert SystemFiles(tmp_path / "none", tmp_path / "neither").names() == SystemNames()
