"""The way of one question to one name server: by UDP, and by TCP when the answer does not fit."""

import errno
import secrets
import socket
from collections.abc import Callable
from functools import partial

from tocsin.domain.checks import Failure
from tocsin.domain.place import Place
from tocsin.probes.faults import OURS, our_fault
from tocsin.probes.loop import READ, WRITE, Loop
from tocsin.probes.names.message import MalformedError, Question, Reply, answered, asked

_CROWDED = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.EAGAIN}


class Line:
    """Sockets are connected, so that nobody else can answer, and each has a port of its own."""

    def __init__(
        self, loop: Loop, server: Place, question: Question, hear: Callable[["Line", Reply | Failure], None]
    ) -> None:
        self.server = server
        self.was_asked = False
        self.heard_nonsense = False
        self.is_closed = False
        self._loop = loop
        self._question = question
        self._hear = hear
        self._number = secrets.randbelow(0x10000)
        self._is_extended = True
        self._message = asked(self._number, question)
        self._socket: socket.socket | None = None
        self._received = b""

    def ask(self) -> bool:
        """Sends the question, again if it was sent before; false when there is no socket left for it."""
        try:
            if self._socket is None:
                self._open(socket.SOCK_DGRAM, READ, self._read_datagram)
                self._send(self._message)
            elif self._socket.type is socket.SOCK_DGRAM:
                self._send(self._message)
        except OSError as error:
            if error.errno in _CROWDED:
                return False
            self._loop.after(0, partial(self._fail, error))
        self.was_asked = True
        return True

    def close(self) -> None:
        self.is_closed = True
        self._hang_up()

    def _open(self, kind: socket.SocketKind, events: int, ready: Callable[[], None]) -> None:
        family = socket.AF_INET6 if ":" in self.server.host else socket.AF_INET
        self._socket = opened = socket.socket(family, kind)
        opened.setblocking(False)
        code = opened.connect_ex((self.server.host, self.server.port))
        if code not in {0, errno.EINPROGRESS}:
            self._hang_up()
            raise OSError(code, errno.errorcode.get(code, ""))
        self._watch(events, ready)

    def _watch(self, events: int, ready: Callable[[], None]) -> None:
        line = self._socket

        def called(_descriptor: int, _events: int) -> None:
            if self._socket is line:
                self._guard(ready)

        self._loop.watch(self._descriptor, events, called)

    @property
    def _descriptor(self) -> int:
        return self._socket.fileno() if self._socket else -1

    def _guard(self, step: Callable[[], None]) -> None:
        try:
            step()
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error)

    def _send(self, message: bytes) -> None:
        if self._socket:
            self._socket.send(message)

    def _receive(self) -> bytes:
        return self._socket.recv(0x10000) if self._socket else b""

    def _hang_up(self) -> None:
        if self._socket:
            self._loop.forget(self._socket.fileno())
            self._socket.close()
        self._socket = None

    def _read_datagram(self) -> None:
        try:
            reply = answered(self._receive(), self._number, self._question)
        except MalformedError:
            reply = None
        if reply is None:
            self.heard_nonsense = True
        elif reply.rcode == "FORMERR" and self._is_extended:
            self._is_extended = False
            self._message = asked(self._number, self._question, extended=False)
            self._send(self._message)
        elif reply.is_truncated:
            self._hang_up()
            self._open(socket.SOCK_STREAM, WRITE, self._write_stream)
        else:
            self._hear(self, reply)

    def _write_stream(self) -> None:
        if self._socket and (code := self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)):
            raise OSError(code, errno.errorcode.get(code, ""))
        self._send(len(self._message).to_bytes(2, "big") + self._message)
        self._watch(READ, self._read_stream)

    def _read_stream(self) -> None:
        piece = self._receive()
        self._received += piece
        size = 2 + int.from_bytes(self._received[:2], "big")
        if len(self._received) >= max(size, 3):
            self._hear(self, self._whole(self._received[2:size]))
        elif not piece:
            self._hear(self, self._bad("closes the connection before it has answered"))

    def _whole(self, message: bytes) -> Reply | Failure:
        try:
            reply = answered(message, self._number, self._question)
        except MalformedError as error:
            return self._bad(f"gives an answer that cannot be read: {error}")
        if reply is None:
            return self._bad("answers what it was not asked")
        return self._bad("cuts its answer short even over TCP") if reply.is_truncated else reply

    def _bad(self, what: str) -> Failure:
        message = f"The name server {self.server}, asked for {self._question}, {what}"
        return Failure(expect="response", message=message)

    def _fail(self, error: OSError) -> None:
        if self.is_closed:
            return
        if error.errno in OURS:
            self._hear(self, our_fault(f"{OURS[error.errno]} on the way to the name server {self.server}"))
            return
        words = "refuses to be asked: nothing listens there" if error.errno == errno.ECONNREFUSED else None
        message = f"The name server {self.server} {words or f'cannot be asked: {error.strerror}'}"
        self._hear(self, Failure(expect="connect", message=message))
