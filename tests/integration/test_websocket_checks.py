"""WebSocket checks against a real server, and against what is none."""

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from tests.support import probing
from tests.support.authority import Authority
from tests.support.builders import expected
from tests.support.hostile_server import LOOPBACK, HostileServer, refusing_port, silent_port
from tests.support.probing import LONG, LOOPBACK_ALLOWED, PEER, SHORT, told
from tests.support.websocket_server import websocket_server
from tocsin.domain.check_kinds import SecretRef, WebSocketCheck
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.targets import TargetRules
from tocsin.probes.prober import Prober


@pytest.fixture(scope="module")
def prober(authority: Authority) -> Prober:
    secrets = {"key": "s3cret-k3y", "broken": "two\r\nlines"}
    return Prober(certificate_authorities=authority.path, secrets=secrets.__getitem__)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with websocket_server() as port:
        yield port


def check(
    prober: Prober, url: str, rules: TargetRules = LOOPBACK_ALLOWED, timeout: timedelta = LONG, **fields: Any
) -> CheckResult:
    expect = fields.pop("expect", ())
    what = WebSocketCheck.model_validate({"url": url} | fields)
    return probing.check(prober, what, rules, timeout, expect=expect)


def response(text: str) -> dict[str, Any]:
    return {"expect": (expected("response", equals=text),)}


def test_the_upgrade_alone(prober: Prober, port: int) -> None:
    result = check(prober, f"ws://localhost:{port}/")

    assert (told(result), result.state, result.status) == ([], CheckState.UP, 101)
    assert result.timings.first_byte is not None


@pytest.mark.parametrize(
    ("path", "fields", "text"),
    [
        pytest.param("", {"send": "caf\u00e9"}, "echo: café", id="what is sent comes back"),
        pytest.param("?a=b", {"send": "x", "subprotocol": "chat"}, "chat: x", id="a subprotocol"),
        pytest.param("greets", {}, "welcome, stranger", id="the server speaks first"),
        pytest.param("greets", {"headers": {"X-Key": "mine"}}, "welcome, mine", id="a header"),
        pytest.param("greets", {"headers": {"X-Key": SecretRef(secret="key")}}, "welcome, s3cret-k3y", id="a secret"),
        pytest.param("fragments", {}, "one two three", id="fragments"),
        pytest.param("bytes", {}, "\ufffd bytes", id="bytes"),
        pytest.param("pings", {}, "you are alive", id="a ping is answered"),
    ],
)
def test_what_comes_back_is_the_response(
    prober: Prober, port: int, path: str, fields: dict[str, Any], text: str
) -> None:
    assert told(check(prober, f"ws://localhost:{port}/{path}", **fields, **response(text))) == []


def test_a_secret_shows_in_no_message(prober: Prober, port: int) -> None:
    result = check(
        prober, f"ws://localhost:{port}/greets", headers={"X-Key": SecretRef(secret="key")}, **response("welcome")
    )

    assert result.state is CheckState.DOWN
    assert "s3cret" not in result.message


def test_what_may_be_a_credential_shows_in_no_message(prober: Prober) -> None:
    with HostileServer() as server:
        url = server.url("/echo").replace("http:", "ws:")
        result = check(prober, url, headers={"Authorization": "Bearer written-down"})

    assert server.requests[-1].headers["authorization"] == "Bearer written-down"
    assert "written-down" not in result.message


def test_a_secret_with_a_line_break_is_our_fault(prober: Prober, port: int) -> None:
    result = check(prober, f"ws://localhost:{port}/", headers={"X-Key": SecretRef(secret="broken")})

    assert result.state is CheckState.INCONCLUSIVE
    assert "must not hold a line break" in result.message


def test_a_login_in_the_address(prober: Prober, port: int) -> None:
    login = base64.b64encode(b"alice:wonder").decode()

    result = check(prober, f"ws://alice:wonder@localhost:{port}/greets", **response(f"welcome, Basic {login}"))

    assert told(result) == []
    told_otherwise = check(prober, f"ws://alice:wonder@localhost:{port}/greets", **response("welcome"))
    assert login not in told_otherwise.message


def test_over_tls(prober: Prober, authority: Authority) -> None:
    with websocket_server(authority.server()) as port:
        result = check(prober, f"wss://localhost:{port}/", send="hello", **response("echo: hello"))

    assert told(result) == []
    assert result.timings.tls is not None
    assert result.certificate_expires is not None


def test_a_certificate_of_somebody_else(prober: Prober, authority: Authority) -> None:
    with websocket_server(authority.server("other.example")) as port:
        result = check(prober, f"wss://localhost:{port}/")

    assert told(result) == [("certificate", f"The certificate of {PEER} is for other.example, not for localhost")]


@pytest.mark.parametrize(
    ("path", "fields", "expect", "message"),
    [
        ("refuses", {}, "status", f'{PEER} refuses the upgrade with status 403, and the body "no key, no entry"'),
        (
            "moved",
            {},
            "status",
            f"{PEER} answers the upgrade with status 301 and leads to wss://elsewhere.example/; "
            "a WebSocket check does not follow",
        ),
        ("", {"subprotocol": "mqtt"}, "response", f"{PEER} does not speak the subprotocol mqtt"),
        (
            "leaves",
            {"receive": True},
            "response",
            f'{PEER} said goodbye before its message came: 1013 "try again later"',
        ),
        ("large", {"receive": True}, "size", f"The message of {PEER} is longer than 64 KiB; no more is read"),
    ],
)
def test_what_the_server_does_not_want(
    prober: Prober, port: int, path: str, fields: dict[str, Any], expect: str, message: str
) -> None:
    ((found, said),) = told(check(prober, f"ws://localhost:{port}/{path}", **fields))

    assert (found, said[: len(message)]) == (expect, message)


def test_no_message_comes(prober: Prober, port: int) -> None:
    result = check(prober, f"ws://localhost:{port}/silent", receive=True, timeout=SHORT)

    assert [failure.expect for failure in result.failures] == ["timeout"]
    assert "No message from localhost" in result.message


@pytest.mark.parametrize("url", ["http://localhost/", "ws://", "ws://localhost:port/", "ws://x/#y", "ws://a@x/"])
def test_an_address_that_is_none(prober: Prober, url: str) -> None:
    ((expect, message),) = told(check(prober, url))

    assert (expect, message[:22]) == ("address", "The URL cannot be used")


def test_what_does_not_speak_websocket(prober: Prober) -> None:
    with HostileServer() as server:
        plain = check(prober, f"ws://localhost:{server.port}/")
        garbage = check(prober, f"ws://localhost:{server.port}/garbage")
        closing = check(prober, f"ws://localhost:{server.port}/closes")

    welcome = f'{PEER} refuses the upgrade with status 200, and the body "Welcome to the shop"'
    assert told(plain) == [("status", welcome)]
    assert [failure.expect for failure in (*garbage.failures, *closing.failures)] == ["response", "response"]


def test_nobody_there(prober: Prober) -> None:
    with refusing_port() as refusing, silent_port() as silent:
        refused = check(prober, f"ws://localhost:{refusing}/")
        unanswered = check(prober, f"ws://localhost:{silent}/", timeout=SHORT)

    assert told(refused) == [("connect", f"{PEER} refused the connection")]
    assert [failure.expect for failure in unanswered.failures] == ["timeout"]


@pytest.mark.parametrize("host", ["10.0.0.1", "localhost", "[::1]", "169.254.169.254"])
def test_the_account_is_not_reached(prober: Prober, host: str) -> None:
    result = check(prober, f"ws://{host}/", rules=TargetRules())

    assert [failure.expect for failure in result.failures] == ["address"]


@contextmanager
def raw(answering: Callable[[socket.socket, bytes], None]) -> Iterator[int]:
    """A port whose one caller is answered by hand."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        listener.settimeout(20)

        def serve() -> None:
            with suppress(OSError):
                connection, _ = listener.accept()
                connection.settimeout(20)
                with connection:
                    answering(connection, connection.recv(4096))

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def _accepting(request: bytes, *headers: str) -> bytes:
    from websockets.utils import accept_key

    key = next(
        line.split()[1].decode() for line in request.splitlines() if line.lower().startswith(b"sec-websocket-key")
    )
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade", *headers]
    return "\r\n".join([*lines, f"Sec-WebSocket-Accept: {accept_key(key)}", "", ""]).encode()


@pytest.mark.parametrize(
    ("after_the_upgrade", "message"),
    [
        pytest.param(b"\xff\xff\xff\xff", "does not speak WebSocket", id="garbage"),
        pytest.param(b"\x81\x05he", "closed the connection before its message came", id="half a message"),
        pytest.param(b"", "closed the connection before its message came", id="nothing"),
        pytest.param(b"\x89\x00" * 100, "closed the connection before its message came", id="pings only"),
    ],
)
def test_a_server_that_breaks_the_protocol(prober: Prober, after_the_upgrade: bytes, message: str) -> None:
    def answering(peer: socket.socket, request: bytes) -> None:
        peer.sendall(_accepting(request) + after_the_upgrade)
        peer.shutdown(socket.SHUT_WR)
        while peer.recv(4096):
            pass

    with raw(answering) as port:
        ((expect, said),) = told(check(prober, f"ws://localhost:{port}/", receive=True))

    assert (expect, message in said) == ("response", True), said


def test_endless_headers_are_not_read(prober: Prober) -> None:
    def answering(peer: socket.socket, _request: bytes) -> None:
        peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\n")
        while True:
            peer.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")

    with raw(answering) as port:
        result = check(prober, f"ws://localhost:{port}/")

    assert result.state is CheckState.DOWN
