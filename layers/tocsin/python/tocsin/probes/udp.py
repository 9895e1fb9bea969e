"""UDP checks: one datagram out, and what comes back."""

import errno
import os
import socket
from contextlib import closing
from functools import partial

from tocsin.domain.check_kinds import UdpCheck
from tocsin.domain.expectations import Facts
from tocsin.probes.attempt import Attempt
from tocsin.probes.failures import CheckFailedError, unreachable
from tocsin.probes.loop import READ
from tocsin.probes.progress import Progress, failed
from tocsin.probes.reaching import address_of, place_of, run
from tocsin.probes.streams.connecting import shown_place
from tocsin.probes.task import ready
from tocsin.probes.tools import Tools

_LARGEST = 0x10000


class UdpProbe:
    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def start(self, attempt: Attempt) -> None:
        assert isinstance(attempt.monitor.check, UdpCheck)  # noqa: S101 -- the row of its kind leads here
        run(attempt, partial(self._facts, attempt.monitor.check, attempt))

    async def _facts(self, check: UdpCheck, attempt: Attempt, progress: Progress) -> Facts:
        place = place_of(check.address)
        address = await address_of(place, self.tools, attempt)
        progress.reached("lookup")
        shown = shown_place(place, address)
        try:
            response = await self._exchange((address, place.port), check.send.encode(), attempt)
        except OSError as error:
            raise _unreachable(shown, error) from None
        if response is None:
            limit = attempt.monitor.timeout.total_seconds()
            raise failed("timeout", f"No datagram came back from {shown} within {limit:g} s")
        progress.reached("first_byte")
        return {"response": response.decode("utf-8", "replace")}

    async def _exchange(self, target: tuple[str, int], message: bytes, attempt: Attempt) -> bytes | None:
        """The socket is connected: datagrams of anybody else do not reach it, and we hear when nobody listens."""
        family = socket.AF_INET6 if ":" in target[0] else socket.AF_INET
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as line:
            line.setblocking(False)
            line.connect(target)
            line.send(message)
            while await ready(self.tools.loop, line.fileno(), READ, attempt.left().total_seconds()):
                try:
                    return line.recv(_LARGEST)
                except BlockingIOError:
                    continue  # its checksum was wrong
        return None


def _unreachable(shown: str, error: OSError) -> CheckFailedError:
    number = error.errno or errno.EIO
    if number == errno.ECONNREFUSED:
        return failed("connect", f"Nothing listens for datagrams at {shown}")
    if number == errno.EMSGSIZE:
        return failed("connect", f"What is to be sent to {shown} does not fit into one datagram")
    return CheckFailedError(unreachable(shown, number, os.strerror(number)))
