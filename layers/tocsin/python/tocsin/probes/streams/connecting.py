"""A connection to the first of a place's addresses that takes it. Each is judged before it is tried."""

import errno
import os
import socket

from tocsin.domain.checks import Failure
from tocsin.domain.place import Place
from tocsin.probes.attempt import Attempt
from tocsin.probes.failures import CheckFailedError, unreachable
from tocsin.probes.faults import OURS
from tocsin.probes.loop import WRITE, Loop
from tocsin.probes.names.resolve import Addresses
from tocsin.probes.task import ready

_UNDER_WAY = {errno.EINPROGRESS, errno.EWOULDBLOCK}


async def connect(loop: Loop, attempt: Attempt, place: Place, addresses: Addresses) -> tuple[socket.socket, str]:
    """The socket, and the address that it is connected to. Raises CheckFailedError."""
    tried: list[tuple[str, int]] = []
    refused = ""
    for position, address in enumerate(addresses):
        if refusal := attempt.rules.refusal(address, place.port):
            refused = f"{address}, {refusal}"
            continue
        share = attempt.left().total_seconds() / (len(addresses) - position)
        connection = await _connect(loop, address, place.port, share)
        if isinstance(connection, socket.socket):
            return connection, address
        tried.append((address, connection))
    raise CheckFailedError(_failure(place, tried, refused, attempt))


async def _connect(loop: Loop, address: str, port: int, limit: float) -> socket.socket | int:
    """The connection, or the errno of why there is none."""
    try:
        connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        return error.errno or errno.EIO
    try:
        number = await _errno_of(loop, connection, (address, port), limit)
    except BaseException:
        connection.close()
        raise
    if number:
        connection.close()
    return number or connection


async def _errno_of(loop: Loop, connection: socket.socket, target: tuple[str, int], limit: float) -> int:
    connection.setblocking(False)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    number = connection.connect_ex(target)
    if number not in _UNDER_WAY:
        return number
    if not await ready(loop, connection.fileno(), WRITE, limit):
        return errno.ETIMEDOUT
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def _failure(place: Place, tried: list[tuple[str, int]], refused: str, attempt: Attempt) -> Failure:
    if not tried:
        return Failure(expect="address", message=f"{place.host} is at {refused}")
    shown = shown_place(place, ", ".join(address for address, _ in tried))
    theirs = [number for _, number in tried if number not in OURS]
    number = theirs[-1] if theirs else tried[-1][1]
    if number == errno.ETIMEDOUT:
        limit = attempt.monitor.timeout.total_seconds()
        return Failure(expect="timeout", message=f"No connection to {shown} within {limit:g} s")
    return unreachable(shown, number, os.strerror(number))


def shown_place(place: Place, address: str) -> str:
    """As in a message."""
    return f"{place} ({address})" if address and address != place.host else str(place)
