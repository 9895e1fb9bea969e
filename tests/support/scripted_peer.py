"""A peer on loopback that plays a script with everybody who connects, and closes at its end."""

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from typing import NamedTuple

from tests.support.peers import LOOPBACK

_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER of no seconds: closing resets the connection."""


class Act(Enum):
    LINE = auto()
    """Waits for a line from the other side."""
    TAKE = auto()
    """Takes what comes, once."""
    SILENCE = auto()
    """Says nothing for the rest of the test."""
    RESET = auto()
    ALERT = auto()
    """TLS: the handshake is refused."""


class Endless(NamedTuple):
    piece: bytes


class Drip(NamedTuple):
    """A byte at a time, again and again."""

    data: bytes


Step = bytes | Act | Endless | Drip | ssl.SSLContext
"""Bytes are said; with a context the TLS handshake comes next."""


@contextmanager
def scripted(*script: Step) -> Iterator[int]:
    """Its port."""
    over = threading.Event()
    with socket.create_server((LOOPBACK, 0), backlog=512) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=_accept, args=(listener, script, over))
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            thread.join()


def _accept(listener: socket.socket, script: tuple[Step, ...], over: threading.Event) -> None:
    threads = []
    while not over.is_set():
        with suppress(TimeoutError):
            connection, _ = listener.accept()
            connection.settimeout(20)
            threads.append(threading.Thread(target=_play, args=(connection, script, over)))
            threads[-1].start()
    for thread in threads:
        thread.join()


def _play(connection: socket.socket, script: tuple[Step, ...], over: threading.Event) -> None:
    try:
        with suppress(OSError):
            for step in script:
                connection = _step(connection, step, over)
    finally:
        connection.close()


def _step(connection: socket.socket, step: Step, over: threading.Event) -> socket.socket:
    if isinstance(step, ssl.SSLContext):
        return _secured(connection, step)
    if isinstance(step, bytes):
        connection.sendall(step)
    elif isinstance(step, Endless):
        while not over.is_set():
            connection.sendall(step.piece)
    elif isinstance(step, Drip):
        _drip(connection, step.data, over)
    else:
        _act(connection, step, over)
    return connection


def _act(connection: socket.socket, act: Act, over: threading.Event) -> None:
    if act is Act.LINE:
        while connection.recv(1) not in {b"\n", b""}:
            pass
    elif act is Act.TAKE:
        connection.recv(65536)
    elif act is Act.SILENCE:
        over.wait()
    elif act is Act.ALERT:
        connection.sendall(bytes([21, 3, 3, 0, 2, 2, 40]))
    else:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)


def _secured(connection: socket.socket, context: ssl.SSLContext) -> socket.socket:
    return context.wrap_socket(connection, server_side=True)


def _drip(connection: socket.socket, data: bytes, over: threading.Event) -> None:
    while not over.is_set():
        for byte in data:
            connection.sendall(bytes([byte]))
            if over.wait(0.01):
                return
