"""Names are looked up beside each other: those that get no answer hold up nobody."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tocsin.domain.checks import Failure
from tocsin.probes.lookup import THREADS, Lookups
from tocsin.probes.loop import Loop
from tocsin.probes.resolve import Addresses, resolve

SHORT, LONG = timedelta(milliseconds=300), timedelta(seconds=30)


class NameServer:
    """Answers every name with the same address, but those that begin with "dead" not before it is told to."""

    def __init__(self) -> None:
        self.answering = threading.Event()
        self.asked: list[str] = []

    def ask(self, host: str) -> Addresses | Failure:
        self.asked.append(host)
        if host.startswith("dead"):
            self.answering.wait()
        return ("192.0.2.1",)


@pytest.fixture
def names() -> Iterator[NameServer]:
    server = NameServer()
    yield server
    server.answering.set()


def found(loop: Loop, lookups: Lookups, hosts: dict[str, timedelta]) -> dict[str, Addresses | str]:
    """What each host's lookup says, its failure as expectation and message."""
    answers: dict[str, Addresses | str] = {}
    for host, limit in hosts.items():
        lookups.find(host, limit, lambda each, host=host: answers.update({host: _told(each)}))  # type: ignore[misc]
    while len(answers) < len(hosts):
        loop.turn(1)
    return answers


def _told(answer: Addresses | Failure) -> Addresses | str:
    return f"{answer.expect}: {answer.message}" if isinstance(answer, Failure) else answer


def test_dead_names_hold_up_nobody(names: NameServer) -> None:
    loop = Loop()
    dead = {f"dead{number}.example": SHORT for number in range(40)}
    healthy = {f"shop{number}.example": LONG for number in range(200)}

    answers = found(loop, Lookups(loop, names.ask), dead | healthy)

    assert {host: answers[host] for host in healthy} == dict.fromkeys(healthy, ("192.0.2.1",))
    assert {answers[host] for host in dead} == {
        f"timeout: No answer to the lookup of the name {host} within 0.3 s" for host in dead
    }


def test_when_all_threads_wait_for_dead_names_the_fault_is_ours(names: NameServer) -> None:
    loop = Loop()
    dead = {f"dead{number}.example": SHORT for number in range(THREADS)}

    answers = found(loop, Lookups(loop, names.ask), dead | {"shop.example": SHORT})

    message = "checker: The checker itself failed: too many names are being looked up to begin with shop.example"
    assert answers["shop.example"] == message


def test_checks_of_one_name_at_the_same_time_share_the_lookup(names: NameServer) -> None:
    loop = Loop()
    lookups = Lookups(loop, names.ask)
    answers: list[Addresses | Failure] = []

    for _ in range(3):
        lookups.find("dead.example", LONG, answers.append)
    names.answering.set()
    while len(answers) < 3:
        loop.turn(1)

    assert answers == [("192.0.2.1",)] * 3
    assert names.asked == ["dead.example"]


def test_the_next_check_looks_the_name_up_anew(names: NameServer) -> None:
    loop = Loop()
    lookups = Lookups(loop, names.ask)

    for _ in range(2):
        found(loop, lookups, {"shop.example": LONG})

    assert names.asked == ["shop.example", "shop.example"]


def test_a_lookup_that_was_stopped_says_nothing(names: NameServer) -> None:
    loop = Loop()
    lookups = Lookups(loop, names.ask)
    answers: list[Addresses | Failure] = []

    lookups.find("shop.example", LONG, answers.append).stop()

    assert found(loop, lookups, {"other.example": LONG}) == {"other.example": ("192.0.2.1",)}
    assert answers == []


def test_an_address_is_its_own_answer(names: NameServer) -> None:
    loop = Loop()

    assert found(loop, Lookups(loop, names.ask), {"192.0.2.7": LONG, "::1": LONG}) == {
        "192.0.2.7": ("192.0.2.7",),
        "::1": ("::1",),
    }
    assert names.asked == []


def test_the_system_knows_this_machine() -> None:
    assert "127.0.0.1" in resolve("localhost")
