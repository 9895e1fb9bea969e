"""TLS checks against nginx with every sort of certificate, and against peers whose handshake goes wrong."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.authority import Authority
from tests.support.builders import expected
from tests.support.nginx import Server, nginx
from tests.support.peers import LOOPBACK
from tests.support.probing import LONG, LOOPBACK_ALLOWED, PEER, SHORT, check, steady, told
from tests.support.scripted_peer import Act, Step, scripted
from tocsin.domain.check_kinds import TlsCheck
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.probes.prober import Prober

DAY = timedelta(days=1)
MISSING = "which nobody knows; perhaps an intermediate certificate is missing"


@pytest.fixture(scope="module")
def places(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    intermediate = authority.intermediate()
    stranger = Authority(tmp_path_factory.mktemp("stranger"), "Somebody else")
    old = authority.file("old.acme.example", ends_in=DAY)
    certificates = {
        "good": intermediate.file(ends_in=10 * DAY),
        "other host": intermediate.file("shop.acme.example"),
        "address": authority.file("127.0.0.1"),
        "expired": authority.file(ends_in=-DAY),
        "not yet": authority.file(begins_in=DAY),
        "self-signed": authority.self_signed_file(),
        "incomplete": intermediate.file(complete=False),
        "stranger": stranger.file(),
        "with an old one": _and_also(authority.file(ends_in=10 * DAY), old),
    }
    servers = {name: Server(certificate=path) for name, path in certificates.items()}
    with nginx(tmp_path_factory.mktemp("nginx"), servers) as addresses:
        yield {name: address.removeprefix("https://").rstrip("/") for name, address in addresses.items()}


def _and_also(path: Path, other: Path) -> Path:
    """The server sends the other certificate too, which nobody asks for."""
    _, _, certificate = other.read_text().partition("-----END PRIVATE KEY-----\n")
    path.write_text(path.read_text() + certificate)
    return path


def now_on(prober: Prober, place: str, **fields: object) -> CheckResult:
    return check(prober, TlsCheck(address=place), LOOPBACK_ALLOWED, LONG, datetime.now(UTC), **fields)


def test_a_good_chain(prober: Prober, places: dict[str, str]) -> None:
    found = now_on(
        prober,
        places["good"],
        expect=(
            expected("certificate", "valid_for", between=[9.9 * 86400, 10 * 86400]),
            expected("certificate", "all_valid_for", between=[9.9 * 86400, 10 * 86400]),
            expected("certificate", "issuer", equals="CN = Test intermediate"),
            expected("certificate", "protocol", one_of=["TLSv1.2", "TLSv1.3"]),
            expected("certificate", "names", equals=["localhost"]),
        ),
    )

    assert (found.state, found.message) == (CheckState.UP, "")
    assert found.certificate_expires is not None
    assert timedelta(days=9.9) < found.certificate_expires - datetime.now(UTC) < timedelta(days=10)
    assert {name for name, end in found.timings if end is not None} == {"lookup", "connect", "tls", "total"}


def test_a_certificate_that_nobody_asks_for_does_not_end_the_chain(prober: Prober, places: dict[str, str]) -> None:
    found = now_on(
        prober,
        places["with an old one"],
        expect=(
            expected("certificate", "valid_for", above=9 * 86400),
            expected("certificate", "all_valid_for", below=86400),
        ),
    )

    assert (found.state, found.message) == (CheckState.UP, "")


def test_an_expiry_that_is_too_near(prober: Prober, places: dict[str, str]) -> None:
    found = now_on(prober, places["good"], expect=(expected("certificate", "valid_for", at_least=14 * 86400),))

    assert told(found) == [("certificate", "The certificate is valid for 9 days 23 hours, expected at least 14 days")]


def test_a_certificate_for_an_address(prober: Prober, places: dict[str, str]) -> None:
    _, _, port = places["address"].rpartition(":")

    assert now_on(prober, f"127.0.0.1:{port}").state is CheckState.UP


@pytest.mark.parametrize(
    ("server", "message"),
    [
        pytest.param("other host", "is for shop.acme.example, not for localhost", id="other host"),
        pytest.param("address", "is for 127.0.0.1, not for localhost", id="for an address"),
        pytest.param("expired", "has expired on DATE", id="expired"),
        pytest.param("not yet", "is not valid before DATE", id="not yet valid"),
        pytest.param("self-signed", "is self-signed: no known authority vouches for it", id="self-signed"),
        pytest.param("incomplete", f"is signed by CN = Test intermediate, {MISSING}", id="incomplete chain"),
        pytest.param("stranger", f"is signed by CN = Somebody else, {MISSING}", id="unknown authority"),
    ],
)
def test_a_certificate_that_is_not_accepted_is_described(
    prober: Prober, places: dict[str, str], server: str, message: str
) -> None:
    found = now_on(prober, places[server])

    assert found.state is CheckState.DOWN
    assert told(found) == [("certificate", f"The certificate of {PEER} {message}")]


def test_an_expired_certificate_says_when(prober: Prober, places: dict[str, str]) -> None:
    ended = datetime.now(UTC) - DAY

    assert f"has expired on {ended:%b} {ended.day:2} " in now_on(prober, places["expired"]).message


def test_the_version_of_tls_can_be_expected(prober: Prober, authority: Authority) -> None:
    newest = (expected("certificate", "protocol", equals="TLSv1.3"),)
    modern, older = authority.server(), authority.server()
    older.maximum_version = ssl.TLSVersion.TLSv1_2

    with scripted(modern) as port, scripted(older) as older_port:
        assert check(prober, TlsCheck(address=f"localhost:{port}"), expect=newest).state is CheckState.UP
        assert check(prober, TlsCheck(address=f"localhost:{older_port}"), expect=newest).state is CheckState.DOWN


def test_a_certificate_that_can_be_seen_only_once_is_told_in_openssls_words(
    prober: Prober, authority: Authority
) -> None:
    with _once(authority.self_signed()) as port:
        found = check(prober, TlsCheck(address=f"localhost:{port}"))

    message = f"The certificate of {PEER} was not accepted: self-signed certificate"
    assert told(found) == [("certificate", message)]


@pytest.mark.parametrize(
    ("script", "expect", "message"),
    [
        pytest.param(
            (Act.SILENCE,),
            "timeout",
            f"No TLS handshake with {PEER} within 0.3 s: it took the connection after N ms, then nothing came",
            id="says nothing",
        ),
        pytest.param((Act.TAKE,), "tls", f"{PEER} closed the connection during the TLS handshake", id="closes"),
        pytest.param(
            (Act.TAKE, Act.RESET), "tls", f"{PEER} reset the connection during the TLS handshake", id="resets"
        ),
        pytest.param(
            (Act.ALERT, Act.SILENCE),
            "tls",
            f"{PEER} refused the TLS handshake: handshake failure",
            id="refuses",
        ),
        pytest.param(
            (b"SSH-2.0-OpenSSH_9.2\r\n", Act.SILENCE),
            "tls",
            f"{PEER} does not speak TLS: what it answers to a TLS handshake is something else",
            id="speaks something else",
        ),
        pytest.param(
            (b"\x16\x03\x03\x00\x04\xff\xff\xff\xff", Act.SILENCE),
            "tls",
            f"The TLS handshake with {PEER} failed: unexpected message",
            id="garbage",
        ),
    ],
)
def test_a_handshake_that_fails(prober: Prober, script: tuple[Step, ...], expect: str, message: str) -> None:
    with scripted(*script) as port:
        timeout = SHORT if expect == "timeout" else LONG
        found = check(prober, TlsCheck(address=f"localhost:{port}"), timeout=timeout)

    assert found.state is CheckState.DOWN
    assert told(found) == [(expect, message)]


def test_a_server_that_is_too_old(prober: Prober, authority: Authority) -> None:
    old = authority.server()
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1

    with scripted(old) as port:
        found = check(prober, TlsCheck(address=f"localhost:{port}"))

    assert told(found)[0][0] == "tls"
    assert steady(found.message) in {
        f"{PEER} refused the TLS handshake: protocol version",
        f"The TLS handshake with {PEER} failed: unsupported protocol",
    }


@contextmanager
def _once(certificate: ssl.SSLContext) -> Iterator[int]:
    """A port that takes one connection."""
    listener = socket.create_server((LOOPBACK, 0))

    def serve() -> None:
        connection, _ = listener.accept()
        listener.close()
        with connection, suppress(OSError):
            certificate.wrap_socket(connection, server_side=True).close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    thread.join()
