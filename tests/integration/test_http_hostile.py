"""Servers that mean harm over HTTP: what they say ends their own check at most, soon, and with a message of its own."""

import socket
from collections.abc import Iterator

import pytest

from tests.support.builders import expected
from tests.support.hostile_server import HostileServer
from tests.support.probing import PEER, told
from tests.support.probing import check_http as check
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.excerpts import LONGEST_MESSAGE
from tocsin.probes.prober import Prober


@pytest.fixture(scope="module")
def prober() -> Prober:
    return Prober()


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param("Content-Encoding:gzip,+gzip", id="twice"),
        pytest.param("Content-Encoding:gzip,gzip,+gzip", id="three times"),
        pytest.param("Content-Encoding:gzip|Content-encoding:gzip", id="in two headers"),
        pytest.param(
            "Content-Encoding:gzip|HTTP/1.1:+200|Content-Encoding:gzip", id="with what begins an answer between"
        ),
        pytest.param("Content-Encoding:gzip,|+gzip", id="on two lines"),
    ],
)
def test_nothing_is_unpacked_twice(prober: Prober, server: HostileServer, headers: str) -> None:
    """Five kilobytes, packed three times, kept the processor busy for a second and had nothing in them at all."""
    result = check(prober, server.url(f"/nested?{headers}"))

    message = f"The body of {PEER} is compressed several times over, as bombs are; it is not read"
    assert told(result) == [("size", message)]


@pytest.mark.parametrize(
    "headers", ["Content-Encoding:identity,+gzip", "Content-Encoding:gzip|Content-Encoding:identity"]
)
def test_what_is_packed_once_is_unpacked(prober: Prober, server: HostileServer, headers: str) -> None:
    result = check(prober, server.url(f"/nested?{headers}"), expect=(expected("body", equals="hello"),))

    assert result.state is CheckState.UP, result.message


@pytest.mark.parametrize("charset", ["punycode", "idna", "undefined", "unicode_escape", "rot13", "utf-7", "x" * 5000])
def test_no_server_chooses_how_python_reads_it(prober: Prober, server: HostileServer, charset: str) -> None:
    """Reading a megabyte as punycode takes minutes, and idna cannot be read at all: the check was our own fault."""
    result = check(prober, server.url(f"/charset?{charset}"), expect=(expected("body", contains="welcome-9a"),))

    assert result.state is CheckState.UP, result.message


def test_a_redirect_that_is_no_text_does_not_end_the_run(prober: Prober, server: HostileServer) -> None:
    result = check(prober, server.url("/not-text"))

    message = "localhost:PORT redirects to http://\ufffd\ufffd.example/, which is no web address"
    assert told(result) == [("redirects", message)]


@pytest.mark.parametrize("host", ["[0:0::1]", "[::0:1]", "[0000::0001]"])
def test_an_ipv6_address_may_be_written_at_length(prober: Prober, host: str) -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        port = listener.getsockname()[1]
    result = check(prober, f"http://{host}:{port}/")

    assert [failure.expect for failure in result.failures] == ["connect"], result.message


def test_what_can_be_stored_nowhere_is_in_no_message(prober: Prober, server: HostileServer) -> None:
    """Half a character in one message made the results of the whole run impossible to save."""
    result = check(prober, server.url("/unshowable"), expect=(expected("json", "state", equals="ok"),))

    assert told(result) == [("json", 'json state is "\ufffd \ufffd[2J \ufffdko", expected "ok"')]
    assert CheckResult.model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize(
    ("path", "redirects"),
    [
        pytest.param(f"/to?http://{'a' * 7000}.example/", 10, id="a name"),
        pytest.param(f"/to?/to?{'a' * 7000}", 1, id="where a redirect leads"),
    ],
)
def test_no_server_makes_a_message_long(prober: Prober, server: HostileServer, path: str, redirects: int) -> None:
    result = check(prober, server.url(path), follow_redirects=redirects)

    assert len(result.message) == LONGEST_MESSAGE + 1


def test_no_token_endpoint_makes_a_message_long(server: HostileServer) -> None:
    auth = {"kind": "oauth2", "token_url": server.url("/verbose"), "client_id": "x", "client_secret": {"secret": "key"}}

    result = check(Prober(secrets=str.upper), server.url("/"), auth=auth)

    assert "gave no token to log in with: status 400" in result.message
    assert len(result.message) == LONGEST_MESSAGE + 1
