"""TCP checks: what is said and expected over a connection, in clear and encrypted."""

import ssl
from pathlib import Path

import pytest

from tests.support.authority import Authority
from tests.support.builders import expected
from tests.support.probing import LONG, PEER, SHORT, check, told
from tests.support.scripted_peer import Act, scripted
from tocsin.domain.check_kinds import Exchange, TcpCheck
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.probes.prober import Prober

PAGER = (b"220 pager\r\n", Act.LINE, b"250-first\r\n", b"250 last\r\n", Act.LINE)
TALK = (Exchange(expect="^220 "), Exchange(send="HELLO\r\n"), Exchange(expect="(?m)^250 "), Exchange(send="BYE\r\n"))


@pytest.fixture(scope="module")
def certificate(authority: Authority) -> ssl.SSLContext:
    return authority.server()


def phases(result: CheckResult) -> set[str]:
    return {name for name, end in result.timings if end is not None}


def test_a_connection_is_enough_where_nothing_is_said(prober: Prober) -> None:
    with scripted(Act.SILENCE) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}"))

    assert (result.state, phases(result)) == (CheckState.UP, {"lookup", "connect", "total"})


def test_a_dialogue(prober: Prober) -> None:
    with scripted(*PAGER) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=TALK))

    assert (result.state, phases(result)) == (CheckState.UP, {"lookup", "connect", "first_byte", "total"})


def test_a_dialogue_in_tls(prober: Prober, certificate: ssl.SSLContext) -> None:
    with scripted(certificate, *PAGER) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", tls=True, dialogue=TALK))

    assert (result.state, phases(result)) == (CheckState.UP, {"lookup", "connect", "tls", "first_byte", "total"})
    assert result.certificate_expires is not None


def test_tls_begins_where_the_dialogue_says(prober: Prober, certificate: ssl.SSLContext) -> None:
    dialogue = (Exchange(expect="220"), Exchange(send="STARTTLS\r\n"), Exchange(expect="2.0"), Exchange(starttls=True))
    after = (Exchange(send="EHLO\r\n"), Exchange(expect="secure"))

    with scripted(b"220 hi\r\n", Act.LINE, b"220 go\r\n", certificate, Act.LINE, b"secure\r\n") as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=(*dialogue, *after)))

    assert result.state is CheckState.UP, result.message


def test_what_was_slipped_in_before_the_handshake_is_not_taken_for_encrypted(
    prober: Prober, certificate: ssl.SSLContext
) -> None:
    with scripted(b"220 go\r\n250 injected\r\n", certificate) as port:
        dialogue = (Exchange(expect="220"), Exchange(starttls=True))
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=dialogue))

    assert told(result) == [("tls", f'{PEER} said more than it may before the TLS handshake: "250 injected"')]


def test_what_comes_in_one_piece_answers_several_expectations(prober: Prober) -> None:
    with scripted("first\r\ncafé\r\nlast\r\n".encode(), Act.SILENCE) as port:
        dialogue = tuple(Exchange(expect=each) for each in ("first", "caf.", "last"))
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=dialogue))

    assert result.state is CheckState.UP, result.message


def test_what_is_expected_of_the_response_is_waited_for_even_in_pieces(prober: Prober) -> None:
    with scripted(b"8.0.36-Ma", Act.LINE, b"riaDB\xff") as port:
        what = TcpCheck(address=f"localhost:{port}", dialogue=(Exchange(expect="8"), Exchange(send="go on\r\n")))
        result = check(prober, what, expect=(expected("response", matches="^8.*MariaDB\N{REPLACEMENT CHARACTER}$"),))

    assert result.state is CheckState.UP, result.message


def test_a_response_that_is_not_as_expected_is_shown(prober: Prober) -> None:
    with scripted(b"-ERR loading\r\n", Act.SILENCE) as port:
        expect = (expected("response", contains="+PONG"),)
        result = check(prober, TcpCheck(address=f"localhost:{port}"), timeout=SHORT, expect=expect)

    message = f'No response as expected from {PEER} within 0.3 s: only "-ERR loading" came'
    assert told(result) == [("timeout", message)]


def test_a_response_may_make_a_check_degraded(prober: Prober) -> None:
    with scripted(b"read only", Act.SILENCE) as port:
        degraded = (expected("response", contains="read only"),)
        result = check(prober, TcpCheck(address=f"localhost:{port}"), degraded_when=degraded)

    assert (result.state, result.message) == (CheckState.DEGRADED, 'The response contains "read only": "read only"')


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        pytest.param(
            "(x+x+)+y", "the expectations take too long to evaluate; a simpler pattern is needed", id="takes for ever"
        ),
        pytest.param("(", "an expectation is not a regular expression: missing ), unterminated subpattern", id="none"),
    ],
)
def test_a_pattern_that_cannot_be_searched_for_is_not_the_targets_fault(
    prober: Prober, pattern: str, message: str
) -> None:
    with scripted(b"x" * 1000, Act.SILENCE) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", dialogue=(Exchange(expect=pattern),)))

    assert result.state is CheckState.INCONCLUSIVE
    assert result.message.startswith(f"The checker itself failed: {message}")


def test_a_handshake_with_a_peer_that_speaks_something_else(prober: Prober) -> None:
    with scripted(b"220 no TLS here\r\n", Act.SILENCE) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", tls=True))

    assert told(result) == [
        ("tls", f"{PEER} does not speak TLS: what it answers to a TLS handshake is something else"),
    ]


def test_the_server_name_is_what_the_certificate_must_be_for(prober: Prober, authority: Authority) -> None:
    with scripted(authority.server("db.acme.example")) as port:
        address = f"localhost:{port}"
        named = check(prober, TcpCheck(address=address, tls=True, server_name="db.acme.example"))
        unnamed = check(prober, TcpCheck(address=address, tls=True))

    assert named.state is CheckState.UP, named.message
    assert told(unnamed) == [
        ("certificate", f"The certificate of {PEER} is for db.acme.example, not for localhost"),
    ]


def test_a_server_name_that_is_none(prober: Prober) -> None:
    with scripted(Act.SILENCE) as port:
        result = check(prober, TcpCheck(address=f"localhost:{port}", tls=True, server_name=".acme"), timeout=LONG)

    (failure,) = result.failures
    assert failure.expect == "address"
    assert failure.message.startswith("'.acme' cannot be the name of a server")


def test_authorities_that_cannot_be_read_are_our_fault(tmp_path: Path) -> None:
    with scripted(Act.SILENCE) as port:
        result = check(Prober(tmp_path / "none.pem"), TcpCheck(address=f"localhost:{port}", tls=True))

    assert result.state is CheckState.INCONCLUSIVE
    assert result.message.startswith("The checker itself failed: FileNotFoundError")
