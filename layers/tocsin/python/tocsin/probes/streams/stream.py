"""A connection that a check talks over, in coroutines: every wait ends with the monitor's time-out.

    with Stream(tools, attempt) as stream:
        await stream.open("mail.example:25")                  # lookup, rules about addresses, connect
        greeting = await stream.line("greeting")              # str, without its line break
        await stream.write(b"STARTTLS\r\n")
        await stream.line("answer to STARTTLS")
        await stream.start_tls("mail.example")                # verified; from here on everything is encrypted
        head = await stream.until(b"\r\n\r\n", "answer")      # bytes, with the mark
        body = await stream.exactly(100, "body")              # bytes
        piece = await stream.some("answer")                   # bytes, whatever comes next; b"" when the peer has closed

Whatever goes wrong (no address, refused, reset, closed, too slow, too much) raises CheckFailedError with a Failure that
says what was waited for: the words given to each read, which follow "No …" and "before its …". A peer cannot make it
hold more than LIMIT bytes per read and MOST bytes in all. `streams/dialogue.py` makes a probe of this.
"""

from collections.abc import Callable
from typing import Self

from tocsin.domain.expectations import Facts
from tocsin.domain.timings import Timings
from tocsin.probes.attempt import Attempt
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.progress import Progress, failed, seen
from tocsin.probes.reaching import addresses_of, place_of
from tocsin.probes.streams.connecting import connect, shown_place
from tocsin.probes.streams.tls import PresentedError, certificate_facts, presented, trusting, unverified
from tocsin.probes.streams.wire import Wire
from tocsin.probes.tools import Tools

LIMIT = 64 * 1024
MOST = 1024 * 1024


class Stream:
    """With `only_looking`, the first TLS handshake verifies nothing and ends the dialogue by PresentedError."""

    def __init__(self, tools: Tools, attempt: Attempt, *, only_looking: bool = False) -> None:
        self._tools = tools
        self._attempt = attempt
        self._only_looking = only_looking
        self._progress = Progress(attempt)
        self._connected: Wire | None = None
        self._received = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._connected:
            self._connected.close()

    @property
    def timings(self) -> Timings:
        """`first_byte` is the first after the last handshake."""
        return self._progress.timings

    @property
    def peer(self) -> str:
        """As in a message: `shop.example:443 (192.0.2.1)`."""
        return self._progress.peer

    @property
    def unread(self) -> bytes:
        """What has come and nobody has asked for."""
        return self._progress.unread

    @property
    def local_address(self) -> str:
        return self._wire.local_address

    @property
    def certificate_facts(self) -> Facts:
        """`certificate` and `certificate_expires`; nothing without TLS."""
        return certificate_facts(self._wire.secured, self._attempt.now()) if self._wire.secured else {}

    def failed(self, message: str, expect: str = "response") -> CheckFailedError:
        """To be raised."""
        return failed(expect, message)

    async def open(self, address: str, default_port: int | None = None) -> None:
        """`address` is `host:port`; `[v6]:port`."""
        self.place = place_of(address, default_port)
        self._progress.peer = str(self.place)
        found = await addresses_of(self.place, self._tools, self._attempt)
        self._progress.reached("lookup")
        connection, used = await connect(self._tools.loop, self._attempt, self.place, found)
        self._connected = Wire(connection, self._tools.loop, self._attempt, self._progress)
        self._progress.peer = shown_place(self.place, used)
        self._progress.reached("connect")

    async def start_tls(self, server_name: str | None = None) -> None:
        """`server_name`, by default the host, is what the certificate must be for."""
        if self.unread:
            early = seen(self.unread)
            raise self.failed(f"{self.peer} said more than it may before the TLS handshake: {early}", "tls")
        context = unverified() if self._only_looking else trusting(self._tools.authorities)
        secured = await self._wire.handshake(context, server_name or self.place.host)
        if self._only_looking:
            raise PresentedError(presented(secured))
        self._progress.secured()

    async def line(self, what: str = "answer") -> str:
        return (await self.until(b"\n", what)).decode("utf-8", "replace").rstrip("\r\n")

    async def until(self, mark: bytes, what: str = "answer") -> bytes:
        return await self.until_found(lambda came: came.find(mark) + len(mark) if mark in came else None, what)

    async def until_found(self, find: Callable[[bytes], int | None], what: str = "answer") -> bytes:
        """`find` is asked after each piece that comes, and says how many bytes of all that is unread are wanted."""
        while (count := find(self._progress.unread)) is None:
            await self._more(what)
        return self._take(count)

    async def exactly(self, count: int, what: str = "answer") -> bytes:
        self._limit(count, what)
        while len(self._progress.unread) < count:
            await self._more(what)
        return self._take(count)

    async def some(self, what: str = "answer") -> bytes:
        if not self._progress.unread and not await self._receive(what):
            return b""
        return self._take(len(self._progress.unread))

    async def silence(self, limit: float) -> bool:
        """Waits, at most so many seconds, until something comes, and leaves it unread; True when nothing does."""
        return await self._wire.silence(limit)

    async def write(self, data: bytes) -> None:
        await self._wire.send(data)

    @property
    def _wire(self) -> Wire:
        assert self._connected  # noqa: S101 -- a dialogue begins with open()
        return self._connected

    async def _more(self, what: str) -> None:
        self._limit(len(self._progress.unread) + 1, what)
        if not await self._receive(what):
            raise self._progress.closed(f"its {what}")

    async def _receive(self, what: str) -> bool:
        """False when the peer has closed."""
        piece = await self._wire.receive(what)
        self._received += len(piece)
        if self._received > MOST:
            raise self.failed(f"{self.peer} sends more than {MOST // 1024} KiB; no more is read", "size")
        if piece:
            self._progress.reached("first_byte")
        self._progress.unread += piece
        return bool(piece)

    def _take(self, count: int) -> bytes:
        taken, self._progress.unread = self._progress.unread[:count], self._progress.unread[count:]
        self._limit(len(taken), "answer")
        self._progress.read = taken
        return taken

    def _limit(self, size: int, what: str) -> None:
        if size > LIMIT:
            raise self.failed(f"The {what} of {self.peer} is longer than {LIMIT // 1024} KiB; no more is read", "size")
