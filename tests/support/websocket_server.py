"""The WebSocket server of the library `websockets`, on loopback in a thread."""

import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from tests.support.peers import LOOPBACK


def _greet(connection: ServerConnection) -> None:
    headers = connection.request.headers if connection.request else {}
    connection.send(f"welcome, {headers.get('X-Key') or headers.get('Authorization') or 'stranger'}")


def _ping(connection: ServerConnection) -> None:
    connection.ping().wait(20)
    connection.send("you are alive")


_GREETINGS: dict[str, Callable[[ServerConnection], None]] = {
    "/greets": _greet,
    "/pings": _ping,
    "/fragments": lambda connection: connection.send(iter(["one ", "two ", "three"])),
    "/bytes": lambda connection: connection.send(b"\xff bytes"),
    "/large": lambda connection: connection.send("x" * 100_000),
    "/leaves": lambda connection: connection.close(1013, "try again later"),
}


def _behave(connection: ServerConnection) -> None:
    path = connection.request.path if connection.request else ""
    if path in _GREETINGS:
        _GREETINGS[path](connection)
    for message in connection:
        if path != "/silent":
            connection.send(f"{connection.subprotocol or 'echo'}: {message!s}")


def _admit(connection: ServerConnection, request: Request) -> Response | None:
    if request.path == "/refuses":
        return connection.respond(403, "no key, no entry\n")
    if request.path == "/moved":
        response = connection.respond(301, "")
        response.headers["Location"] = "wss://elsewhere.example/"
        return response
    return None


def _chosen(_connection: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    return next((each for each in offered if each == "chat"), None)


@contextmanager
def websocket_server(certificate: ssl.SSLContext | None = None) -> Iterator[int]:
    """Its port. It echoes, and at some paths greets first or behaves in another way."""
    with serve(
        _behave, LOOPBACK, 0, ssl=certificate, process_request=_admit, select_subprotocol=_chosen, close_timeout=1
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.socket.getsockname()[1]
        server.shutdown()
        thread.join()
