"""A server on loopback that reads a request and then says whatever it is told to, well-formed or not."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from tests.support.peers import LOOPBACK


class Speech(NamedTuple):
    """`pieces` are said one after the other, and with `endlessly` the last one again and again. Then the connection is
    closed, or with `lingers` left open.
    """

    pieces: tuple[bytes, ...]
    endlessly: bool = False
    lingers: bool = False


class Babbler:
    def __init__(self, listener: socket.socket) -> None:
        self.speech = Speech(())
        self._listener = listener
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self._listener.getsockname()[1]}/"

    def close(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._talk, args=(connection, self.speech))
                self._threads = [each for each in self._threads if each.is_alive()] + [thread]
                thread.start()

    def _talk(self, connection: socket.socket, speech: Speech) -> None:
        connection.settimeout(10)
        with connection, suppress(OSError):
            connection.recv(65536)
            for piece in speech.pieces:
                connection.sendall(piece)
            while speech.endlessly and not self._over.is_set():
                connection.sendall(speech.pieces[-1])
            if speech.lingers:
                connection.recv(1)


@contextmanager
def babbler() -> Iterator[Babbler]:
    with socket.create_server((LOOPBACK, 0), backlog=128) as listener:
        listener.settimeout(0.05)
        server = Babbler(listener)
        try:
            yield server
        finally:
            server.close()
