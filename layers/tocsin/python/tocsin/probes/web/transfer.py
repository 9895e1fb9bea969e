"""One HTTP request and its answer. Every address is judged before it is connected to."""

import os
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pycurl

from tocsin.domain.hops import Hop
from tocsin.domain.targets import TargetRules
from tocsin.domain.timings import Timings
from tocsin.probes.faults import OURS
from tocsin.probes.names.resolve import Addresses
from tocsin.probes.web.answer import VERSIONS, Answered, Intake
from tocsin.probes.web.certificates import leaf
from tocsin.probes.web.options import Terms, of_every_time, of_this_time
from tocsin.probes.web.transfers import Transfers
from tocsin.probes.web.trouble import Trouble

Done = Callable[[Answered | Trouble], None]

_SECURED = b"SSL connection using "


class _Socket:
    """Curl takes a copy of the descriptor, so the original closes as soon as it is let go."""

    __slots__ = ("_original", "fileno")

    def __init__(self, original: socket.SocketType) -> None:
        self._original = original
        self.fileno = original.fileno

    def __del__(self) -> None:
        self._original.close()


class HttpTransfer:
    """`limit` is the time it may take, `before` the seconds that passed before it, which its timings count.

    `done` is called once, unless it is stopped before.
    """

    def __init__(
        self,
        hop: Hop,
        terms: Terms,
        addresses: Addresses,
        limit: timedelta,
        before: float,
        rules: TargetRules,
        done: Done,
    ) -> None:
        self._hop = hop
        self._terms = terms
        self._addresses = addresses
        self._limit = limit
        self._before = before * 1000
        self._rules = rules
        self._done = done
        self._intake = Intake(terms.body_limit)
        self._tried: list[str] = []
        self._refused = ""
        self._own_errno = 0
        self._protocol = ""

    def start(self, transfers: Transfers, authorities: Path) -> None:
        """Raises RefusedError when such a request must not be sent."""
        self._transfers = transfers
        self._curl = transfers.handle()
        try:
            self._configure(authorities)
        except pycurl.error as error:
            self._finish(self._bare_trouble(*_reason(error)))
        else:
            transfers.start(self._curl, self._ended)

    def stop(self) -> None:
        self._transfers.stop(self._curl)

    def _configure(self, authorities: Path) -> None:
        set_option = self._curl.setopt
        for option, value in of_every_time(self._hop, self._terms, authorities):
            set_option(option, value)
        for option, value in of_this_time(self._hop, self._addresses, self._limit):
            set_option(option, value)
        set_option(pycurl.HEADERFUNCTION, self._intake.take_header)
        set_option(pycurl.WRITEFUNCTION, self._intake.take_body)
        set_option(pycurl.OPENSOCKETFUNCTION, self._open)
        if self._terms.protocol:
            set_option(pycurl.VERBOSE, 1)
            set_option(pycurl.DEBUGFUNCTION, self._overhear)

    def _overhear(self, kind: int, text: bytes) -> None:
        if kind == pycurl.INFOTYPE_TEXT and text.startswith(_SECURED):
            self._protocol = text.removeprefix(_SECURED).split()[0].decode()

    def _open(self, _purpose: int, target: Any) -> _Socket | int:
        family, kind, protocol, (address, port, *_) = target
        self._tried.append(_text(address))
        refusal = self._rules.refusal(self._tried[-1], port)
        if refusal:
            self._refused = f"{self._tried[-1]}, {refusal}"
            return pycurl.SOCKET_BAD
        try:
            return _Socket(socket.SocketType(family, kind, protocol))
        except OSError as error:
            self._own_errno = error.errno if error.errno in OURS else 0
            return pycurl.SOCKET_BAD

    def _ended(self, code: int, words: str) -> None:
        try:
            outcome = self._trouble(code, words) if code else self._answer()
        except ValueError as error:
            # Curl hands on what the server says, and not all of that is text.
            outcome = self._bare_trouble(pycurl.E_FTP_WEIRD_SERVER_REPLY, str(error))
        self._finish(outcome)

    def _finish(self, outcome: Answered | Trouble) -> None:
        """Whoever waits holds this, and would be held by it: so what was read would stay for a while."""
        self._transfers.give_back(self._curl)
        done, self._done = self._done, _nobody
        done(outcome)

    def _answer(self) -> Answered:
        read = self._curl.getinfo
        return Answered(
            status=read(pycurl.RESPONSE_CODE),
            location=(self._curl.getinfo_raw(pycurl.REDIRECT_URL) or b"").decode("utf-8", "replace"),
            head=self._intake.head,
            tail=self._intake.tail,
            content=self._intake.content,
            http_version=VERSIONS.get(read(pycurl.INFO_HTTP_VERSION), ""),
            timings=self._timings(),
            certificates=read(pycurl.INFO_CERTINFO),
            protocol=self._protocol,
        )

    def _trouble(self, code: int, words: str) -> Trouble:
        read = self._curl.getinfo
        return self._bare_trouble(code, words or os.strerror(read(pycurl.OS_ERRNO)))._replace(
            timings=self._timings(),
            address=read(pycurl.PRIMARY_IP) or ", ".join(self._tried),
            received=self._intake.received,
            announced=read(pycurl.CONTENT_LENGTH_DOWNLOAD_T),
            too_large=self._intake.too_large,
            in_unknown_encoding=code == pycurl.E_BAD_CONTENT_ENCODING and self._intake.is_in_unknown_encoding,
            errno=self._own_errno or read(pycurl.OS_ERRNO),
            verification=read(pycurl.SSL_VERIFYRESULT),
            certificate=leaf(read(pycurl.INFO_CERTINFO)),
            refused=self._refused if code == pycurl.E_COULDNT_CONNECT else "",
        )

    def _bare_trouble(self, code: int, words: str) -> Trouble:
        return Trouble(code, words, self._hop, self._limit, self._terms)

    def _timings(self) -> Timings:
        read = self._curl.getinfo
        return Timings(
            lookup=round(self._before, 1),
            connect=self._milliseconds(read(pycurl.CONNECT_TIME_T)),
            tls=self._milliseconds(read(pycurl.APPCONNECT_TIME_T)),
            first_byte=self._milliseconds(read(pycurl.STARTTRANSFER_TIME_T)) if read(pycurl.RESPONSE_CODE) else None,
            total=self._milliseconds(read(pycurl.TOTAL_TIME_T)),
        )

    def _milliseconds(self, microseconds: int) -> float | None:
        """Curl counts from the end of the lookup, we from the beginning of the check."""
        return round(self._before + microseconds / 1000, 1) if microseconds else None


def _nobody(_outcome: Answered | Trouble) -> None:
    return


def _reason(error: pycurl.error) -> tuple[int, str]:
    return int(error.args[0]), str(error.args[-1])


def _text(address: str | bytes) -> str:
    return address.decode() if isinstance(address, bytes) else address
