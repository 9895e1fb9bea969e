"""A connected socket whose steps are waited for: each until it can be taken, or the monitor's time-out has passed."""

import ssl
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from socket import socket
from typing import TypeVar

from tocsin.probes.attempt import Attempt
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.loop import READ, WRITE, Loop
from tocsin.probes.progress import Progress, failed
from tocsin.probes.streams.tls import UntrustedError, failed_handshake
from tocsin.probes.task import ready

_PIECE = 16 * 1024

T = TypeVar("T")


class Wire:
    def __init__(self, connection: socket, loop: Loop, attempt: Attempt, progress: Progress) -> None:
        self._socket = connection
        self._loop = loop
        self._attempt = attempt
        self._progress = progress

    @property
    def secured(self) -> ssl.SSLSocket | None:
        return self._socket if isinstance(self._socket, ssl.SSLSocket) else None

    @property
    def local_address(self) -> str:
        return str(self._socket.getsockname()[0])

    def close(self) -> None:
        if self.secured:
            with suppress(OSError, ValueError):
                self.secured.unwrap()
        self._socket.close()

    async def handshake(self, context: ssl.SSLContext, name: str) -> ssl.SSLSocket:
        """`name` is the server's. Raises UntrustedError for a certificate that is not accepted."""
        peer = self._progress.peer
        server_name = _server_name(name)
        try:
            self._socket.getpeername()
            secured = context.wrap_socket(self._socket, server_hostname=server_name, do_handshake_on_connect=False)
            self._socket = secured
            await self._when_ready(secured.do_handshake, "TLS handshake with")
        except ssl.SSLCertVerificationError as error:
            raise UntrustedError(peer, name, error) from None
        except OSError as error:
            raise CheckFailedError(failed_handshake(peer, error)) from None
        return secured

    async def receive(self, what: str) -> bytes:
        """What comes next; nothing when the peer has closed."""
        try:
            return await self._when_ready(partial(self._socket.recv, _PIECE), f"{what} from")
        except OSError as error:
            raise self._progress.broken(f"its {what}", error) from None

    async def send(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            try:
                sent = await self._when_ready(
                    partial(self._socket.send, rest), "readiness for what we send from", WRITE
                )
            except OSError as error:
                raise self._progress.broken("it took what we send", error) from None
            rest = rest[sent:]

    async def silence(self, limit: float) -> bool:
        left = min(limit, self._attempt.left().total_seconds())
        return not await ready(self._loop, self._socket.fileno(), READ, left)

    async def _when_ready(self, step: Callable[[], T], what: str, blocked_by: int = READ) -> T:
        """Tries until it does not block. TLS may have to read in order to write, and the other way round."""
        while True:
            try:
                return step()
            except BlockingIOError:
                events = blocked_by
            except ssl.SSLWantReadError:
                events = READ
            except ssl.SSLWantWriteError:
                events = WRITE
            left = self._attempt.left().total_seconds()
            if left <= 0 or not await ready(self._loop, self._socket.fileno(), events, left):
                raise self._progress.late(what)


def _server_name(name: str) -> str:
    """Here, as getpeername() above, because `ssl` forgets to close the connection when it finds out."""
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise failed("address", f"{name!r} cannot be the name of a server: {error}") from None
