"""What can go wrong on a connection, whatever is said over it: each has a message of its own, and ends in time."""

import resource
import socket
from datetime import timedelta

import pytest

from tests.support.builders import NOON, a_monitor, after
from tests.support.hostile_server import refusing_port, unreachable_port
from tests.support.probing import LONG, LOOPBACK_ALLOWED, PEER, SHORT, check, steady, told
from tests.support.scripted_peer import Act, Drip, Endless, Step, scripted
from tocsin.domain.check_kinds import Exchange, TcpCheck
from tocsin.domain.check_plan import PlannedCheck
from tocsin.domain.checks import CheckState
from tocsin.domain.place import Place
from tocsin.domain.targets import TargetRules
from tocsin.probes.agenda import Agenda
from tocsin.probes.attempt import Attempt
from tocsin.probes.clock import RunClock
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.loop import Loop
from tocsin.probes.prober import Prober
from tocsin.probes.streams.connecting import connect
from tocsin.probes.task import Task

READY = (Exchange(expect="ready"),)
ASKED = (Exchange(expect="ready"), Exchange(send="more\r\n"), Exchange(expect="done"))
ANSWER = "answer matching /ready/"
NEXT = "answer matching /done/"


@pytest.fixture(scope="module")
def prober() -> Prober:
    return Prober()


@pytest.mark.parametrize(
    ("script", "expect", "message"),
    [
        pytest.param(
            (Act.SILENCE,),
            "timeout",
            f"No {ANSWER} from {PEER} within 0.3 s: it took the connection after N ms, then nothing came",
            id="says nothing",
        ),
        pytest.param(
            (b"not re", Act.SILENCE),
            "timeout",
            f'No {ANSWER} from {PEER} within 0.3 s: only "not re" came',
            id="stalls",
        ),
        pytest.param(
            (b"ready", Act.LINE, Act.SILENCE),
            "timeout",
            f'No {NEXT} from {PEER} within 0.3 s: the last that came was "ready"',
            id="stalls later",
        ),
        pytest.param((), "response", f"{PEER} closed the connection before its {ANSWER}", id="closes"),
        pytest.param(
            (b"not re",),
            "response",
            f'{PEER} closed the connection before its {ANSWER} was complete, after "not re"',
            id="closes in the middle",
        ),
        pytest.param(
            (b"ready", Act.LINE),
            "response",
            f'{PEER} closed the connection before its {NEXT}; the last that came was "ready"',
            id="closes later",
        ),
        pytest.param(
            (b"ready", Act.LINE, b"not do", Act.RESET),
            "response",
            f'{PEER} reset the connection before its {NEXT} was complete, after "not do"',
            id="resets in the middle",
        ),
        pytest.param(
            (b"ready", Act.LINE, Act.RESET),
            "response",
            f'{PEER} reset the connection before its {NEXT}; the last that came was "ready"',
            id="resets later",
        ),
    ],
)
def test_a_dialogue_that_breaks_off_says_what_was_waited_for_and_what_had_come(
    prober: Prober, script: tuple[Step, ...], expect: str, message: str
) -> None:
    with scripted(*script) as port:
        timeout = SHORT if Act.SILENCE in script else LONG
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=ASKED), timeout=timeout)

    assert result.state is CheckState.DOWN
    assert told(result) == [(expect, message)]


def test_a_peer_that_drips_gets_no_more_time_than_others(prober: Prober) -> None:
    with scripted(Drip(b".")) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=READY), timeout=SHORT)

    (failure,) = result.failures
    assert failure.expect == "timeout"
    assert steady(failure.message).startswith(f'No {ANSWER} from {PEER} within 0.3 s: only "...')


def test_an_answer_without_end_is_read_no_further_than_the_limit(prober: Prober) -> None:
    with scripted(Endless(b"x" * 10_000)) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=READY))

    assert told(result) == [("size", f"The {ANSWER} of {PEER} is longer than 64 KiB; no more is read")]


def test_answers_without_end_are_read_no_further_than_the_limit_for_all_of_them(prober: Prober) -> None:
    lines = tuple(Exchange(expect=r"^x{9999}\n") for _ in range(200))

    with scripted(Endless(b"x" * 9_999 + b"\n")) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=lines))

    assert told(result) == [("size", f"{PEER} sends more than 1024 KiB; no more is read")]


def test_a_peer_that_takes_nothing_is_not_written_to_for_ever(prober: Prober) -> None:
    much = (Exchange(send="x" * 20_000_000),)

    with scripted(Act.SILENCE) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=much), timeout=SHORT)

    came = "it took the connection after N ms, then nothing came"
    assert told(result) == [("timeout", f"No readiness for what we send from {PEER} within 0.3 s: {came}")]


def test_a_peer_that_goes_away_while_it_is_written_to(prober: Prober) -> None:
    much = (Exchange(send="x" * 20_000_000),)

    with scripted(Act.TAKE, Act.RESET) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=much))

    assert told(result) == [("response", f"{PEER} reset the connection before it took what we send")]


def test_a_port_that_nobody_listens_at(prober: Prober) -> None:
    with refusing_port() as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}"))

    assert told(result) == [("connect", f"{PEER} refused the connection")]


def test_a_port_that_does_not_answer(prober: Prober) -> None:
    with unreachable_port() as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}"), timeout=SHORT)

    assert told(result) == [("timeout", f"No connection to {PEER} within 0.3 s")]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        pytest.param("localhost", "'localhost' lacks a port, as in localhost:443", id="no port"),
        pytest.param(
            "localhost:ssh",
            "'localhost:ssh' ends in 'ssh', which is no port: a number from 1 to 65535 is needed",
            id="no number",
        ),
    ],
)
def test_an_address_that_is_none(prober: Prober, address: str, message: str) -> None:
    (failure,) = check(prober, TcpCheck(address=address)).failures

    assert (failure.expect, failure.message) == ("address", message)


def test_private_addresses_are_refused_before_anything_is_sent(prober: Prober) -> None:
    with scripted(b"ready") as port:
        result = check(prober, TcpCheck(address=f"127.0.0.1:{port}"), rules=TargetRules())

    private = "a private address; these are checked only where allow_private_targets is set"
    assert told(result) == [("address", f"127.0.0.1 is at 127.0.0.1, {private}")]


def test_running_out_of_files_is_not_the_targets_fault(prober: Prober) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with refusing_port() as port:
        check(prober, TcpCheck(address=f"127.0.0.1:{port}"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            result = check(prober, TcpCheck(address=f"127.0.0.1:{port}"))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert result.state is CheckState.INCONCLUSIVE
    assert told(result) == [
        ("checker", "The checker itself failed: too many open files on the way to 127.0.0.1:PORT"),
    ]


def test_a_run_that_ends_takes_its_connections_along(prober: Prober) -> None:
    with scripted(Act.SILENCE) as port:
        monitor = a_monitor(check=TcpCheck(address=f"localhost:{port}", dialogue=READY), timeout=LONG)
        agenda = Agenda([PlannedCheck(NOON, monitor)])
        (batch,) = prober.run(agenda, now=NOON, until=after(seconds=0.3), rules=LOOPBACK_ALLOWED)

    assert [ended.result.message for ended in batch] == [
        "The checker itself failed: the run ended before the check did"
    ]


def test_those_that_hang_hold_up_nobody(prober: Prober) -> None:
    with scripted(b"ready") as well, scripted(Act.SILENCE) as silent:
        places = [f"127.0.0.1:{silent}"] * 5 + [f"127.0.0.1:{well}"] * 45
        monitors = [
            a_monitor(place, check=TcpCheck(address=place, dialogue=READY), timeout=timedelta(seconds=3))
            for place in places
        ]
        results = prober.check_all(monitors, now=NOON, rules=LOOPBACK_ALLOWED)

    ended = [(result.monitor_id, result.state) for result in results]
    assert ended == [(f"127.0.0.1:{well}", CheckState.UP)] * 45 + [(f"127.0.0.1:{silent}", CheckState.DOWN)] * 5


# Several addresses --------------------------------------------------------------------------------


def connected(*addresses: str, port: int, rules: TargetRules = LOOPBACK_ALLOWED, timeout: timedelta = LONG) -> str:
    """The address that was connected to, or the failure's message."""
    loop = Loop()
    ended: list[str | Exception] = []
    attempt = Attempt(a_monitor(timeout=timeout), RunClock(NOON), rules, str, lambda _: None)

    async def which() -> str:
        try:
            connection, address = await connect(loop, attempt, Place("shop", port), addresses)
        except CheckFailedError as error:
            return f"{error.failure.expect}: {error}"
        connection.close()
        return address

    Task(which(), ended.append).start()
    while not ended:
        loop.turn(1)
    return str(ended[0])


def test_each_address_is_tried_in_turn() -> None:
    with scripted() as port:
        assert connected("127.0.0.2", "127.0.0.3", "127.0.0.1", port=port) == "127.0.0.1"


def test_an_address_that_does_not_answer_leaves_time_for_the_next() -> None:
    with unreachable_port() as port, socket.create_server(("127.0.0.2", port)):
        assert connected("127.0.0.1", "127.0.0.2", port=port, timeout=timedelta(seconds=1)) == "127.0.0.2"


def test_when_no_address_takes_the_connection_all_are_named() -> None:
    with refusing_port() as port:
        found = connected("127.0.0.1", "127.0.0.2", port=port)

    assert found == f"connect: shop:{port} (127.0.0.1, 127.0.0.2) refused the connection"


def test_an_address_that_is_refused_does_not_keep_from_the_others() -> None:
    with scripted() as port:
        assert connected("169.254.169.254", "127.0.0.1", port=port) == "127.0.0.1"


def test_metadata_addresses_are_refused_even_where_private_ones_are_not() -> None:
    reason = "a link-local or metadata address, which is never checked"
    assert connected("169.254.169.254", port=80) == f"address: shop is at 169.254.169.254, {reason}"
