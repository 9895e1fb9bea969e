"""A web server on loopback whose every path behaves in its own, mostly bad, way."""

import gzip
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple, Self

LOOPBACK = "127.0.0.1"
_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: closing resets the connection."""


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: str


class HostileServer:
    """`requests` are those received, in order; `connections` counts those that were taken, whatever came over them."""

    def __init__(self, certificate: ssl.SSLContext | None = None) -> None:
        self._certificate = certificate
        self._over = threading.Event()
        self._listener = socket.create_server((LOOPBACK, 0), backlog=512)
        self._listener.settimeout(0.05)
        self._threads = [threading.Thread(target=self._accept)]
        self.requests: list[Request] = []
        self.connections = 0
        self.down = False

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, path: str = "/", host: str = "localhost") -> str:
        return f"{'https' if self._certificate else 'http'}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def wait(self) -> None:
        """For a peer that says nothing: until the test is over."""
        self._over.wait()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def _accept(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                connection, _ = self._listener.accept()
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError), self._secured(connection) as secured:
            request = _read(secured)
            self.requests.append(request)
            name = re.split(r"[/?]", request.path.lstrip("/"))[0]
            (_unavailable if self.down else PATHS[name])(self, secured, request)

    @contextmanager
    def _secured(self, connection: socket.socket) -> Iterator[socket.socket]:
        connection.settimeout(20)
        with connection:
            if self._certificate is None:
                yield connection
                return
            with self._certificate.wrap_socket(connection, server_side=True) as secured:
                yield secured


def answer(body: str | bytes = "", status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


Behaviour = Callable[[HostileServer, socket.socket, Request], None]


def _welcome(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("<h1>Welcome to the shop</h1>", "200 OK", "Content-Type: text/html"))


def _unavailable(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("the database is down", "503 Service Unavailable"))


def _echo(_server: HostileServer, peer: socket.socket, request: Request) -> None:
    peer.sendall(answer(str(request)))


def _echo_login(_server: HostileServer, peer: socket.socket, request: Request) -> None:
    peer.sendall(answer(f"what is {request.headers['authorization']}?"))


def _unshowable(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    """Half a character, what clears a terminal, and what writes from right to left."""
    peer.sendall(answer(r'{"state": "\ud800 \u001b[2J \u202eko"}'))


def _verbose(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer('{"error": "' + "e" * 60_000 + '"}', "400 Bad Request"))


def _silent(server: HostileServer, _peer: socket.socket, _request: Request) -> None:
    server.wait()


def _stalling(server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("the first 22 bytes and", length=1000))
    server.wait()


def _endless(server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not server.is_over:
        peer.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def _announced(server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer(length=50_000_000))
    server.wait()


def _endless_headers(server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while not server.is_over:
        peer.sendall(b"X-More: " + b"x" * 8000 + b"\r\n")


def _loop(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("", "302 Found", "Location: /loop"))


def _to(_server: HostileServer, peer: socket.socket, request: Request) -> None:
    """`/to?URL`: there."""
    status = "307 Temporary Redirect" if request.method == "POST" else "302 Found"
    peer.sendall(answer("", status, f"Location: {request.path.partition('?')[2]}"))


def _resets(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)


def _closes(_server: HostileServer, _peer: socket.socket, _request: Request) -> None:
    return


def _breaks_off(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("the first 22 bytes and", length=1000))


def _garbage(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")


def _latin(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("caf\u00e9".encode("latin-1"), "200 OK", "Content-Type: text/plain; charset=ISO-8859-1"))


def _bomb(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    """A hundred kilobytes that become a hundred megabytes."""
    piece = gzip.compress(bytes(10_000_000))
    peer.sendall(answer(piece * 10, "200 OK", "Content-Encoding: gzip"))


def _brotli(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer(b"\x0b\x02\x80hello\x03", "200 OK", "Content-Encoding: br"))


def _strange_encoding(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("welcome", "200 OK", "Content-Encoding: UTF-8, aws-chunked"))


def _not_gzip(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer(b"hello", "200 OK", "Content-Encoding: gzip"))


def _nested(_server: HostileServer, peer: socket.socket, request: Request) -> None:
    """`/nested?HEADERS`, with `|` between them: what they say of something that is packed as often as they say gzip."""
    headers = request.path.partition("?")[2].replace("+", " ")
    content = b"hello"
    for _ in range(headers.count("gzip")):
        content = gzip.compress(content)
    peer.sendall(answer(content, "200 OK", *headers.split("|")))


def _not_text(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://\xff\xfe.example/\r\nContent-Length: 0\r\n\r\n")


def _charset(_server: HostileServer, peer: socket.socket, request: Request) -> None:
    """`/charset?NAME`: some of what is hardest to read in it."""
    charset = request.path.partition("?")[2]
    peer.sendall(answer(b"welcome-" + b"9a" * 500_000, "200 OK", f"Content-Type: text/plain; charset={charset}"))


def _many_headers(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("", "200 OK", *("A: 1" for _ in range(50_000))))


def _headers(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    """An interim answer first, a name twice in different cases, a value on two lines, trailers."""
    peer.sendall(b"HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n")
    lines = [
        "X-Shop: one",
        "x-shop: two",
        "X-Long: a",
        "\tb",
        "X-Empty:",
        "Transfer-Encoding: chunked",
        "Trailer: X-Sum",
    ]
    peer.sendall("\r\n".join(["HTTP/1.1 200 OK", *lines, "", "2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n"]).encode())


def _cookie(_server: HostileServer, peer: socket.socket, _request: Request) -> None:
    peer.sendall(answer("", "200 OK", "Set-Cookie: session=abcdefgh"))


PATHS: dict[str, Behaviour] = {
    "": _welcome,
    "unavailable": _unavailable,
    "echo": _echo,
    "echo-login": _echo_login,
    "unshowable": _unshowable,
    "verbose": _verbose,
    "silent": _silent,
    "stalling": _stalling,
    "endless": _endless,
    "announced": _announced,
    "endless-headers": _endless_headers,
    "loop": _loop,
    "to": _to,
    "resets": _resets,
    "closes": _closes,
    "breaks-off": _breaks_off,
    "garbage": _garbage,
    "latin": _latin,
    "bomb": _bomb,
    "brotli": _brotli,
    "strange-encoding": _strange_encoding,
    "not-gzip": _not_gzip,
    "many-headers": _many_headers,
    "nested": _nested,
    "not-text": _not_text,
    "charset": _charset,
    "headers": _headers,
    "cookie": _cookie,
}


def _read(peer: socket.socket) -> Request:
    with peer.makefile("rb") as stream:
        method, path, _ = stream.readline().decode().split(" ", 2)
        lines = iter(lambda: stream.readline().decode().strip(), "")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = stream.read(int(headers.get("content-length", 0))).decode()
    return Request(method, path, headers, body)


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word over them, not even a TLS greeting."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        yield listener.getsockname()[1]


@contextmanager
def unreachable_port() -> Iterator[int]:
    """A port whose waiting room is full: further connections get no answer at all."""
    with (
        socket.create_server((LOOPBACK, 0), backlog=0) as listener,
        socket.socket() as waiting,
        socket.socket() as more,
    ):
        for each in (waiting, more):
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextmanager
def refusing_port() -> Iterator[int]:
    """A port that is taken, and that nobody listens at."""
    with socket.socket() as bound:
        bound.bind((LOOPBACK, 0))
        yield bound.getsockname()[1]
