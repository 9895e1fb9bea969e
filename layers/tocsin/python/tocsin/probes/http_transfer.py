"""One HTTP request and its answer. Every address is judged before it is connected to."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pycurl

from tocsin.domain.hops import Hop
from tocsin.domain.targets import TargetRules
from tocsin.domain.timings import Timings
from tocsin.probes.certificates import expiry, leaf
from tocsin.probes.faults import OURS
from tocsin.probes.http_failures import BODY_LIMIT, Trouble
from tocsin.probes.http_options import options
from tocsin.probes.resolve import Addresses
from tocsin.probes.transfers import Transfers


class Answered(NamedTuple):
    status: int
    location: str | None
    body: str
    timings: Timings
    certificate_expires: datetime | None


Done = Callable[[Answered | Trouble], None]


class _Socket:
    """Curl takes a copy of the descriptor, so the original closes as soon as it is let go."""

    def __init__(self, original: socket.socket) -> None:
        self._original = original
        self.fileno = original.fileno

    def __del__(self) -> None:
        self._original.close()


class HttpTransfer:
    """`limit` is the time it may take; `done` is called once, unless it is stopped before. Timings lack the lookup."""

    def __init__(self, hop: Hop, addresses: Addresses, limit: timedelta, rules: TargetRules, done: Done) -> None:
        self._hop = hop
        self._addresses = addresses
        self._limit = limit
        self._rules = rules
        self._done = done
        self._body: list[bytes] = []
        self._received = 0
        self._tried: list[str] = []
        self._refused = ""
        self._own_errno = 0

    def start(self, transfers: Transfers, authorities: Path) -> None:
        self._transfers = transfers
        self._curl = transfers.handle()
        try:
            self._configure(authorities)
        except pycurl.error as error:
            self._finish(Trouble(*_reason(error), self._hop, self._limit))
        else:
            transfers.start(self._curl, self._ended)

    def stop(self) -> None:
        self._transfers.stop(self._curl)

    def _configure(self, authorities: Path) -> None:
        for option, value in options(self._hop, self._addresses, self._limit, authorities):
            self._curl.setopt(option, value)
        self._curl.setopt(pycurl.WRITEFUNCTION, self._take)
        self._curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def _take(self, piece: bytes) -> int | None:
        self._received += len(piece)
        if self._received > BODY_LIMIT:
            return -1
        self._body.append(piece)
        return None

    def _open(self, _purpose: int, target: Any) -> _Socket | int:
        family, kind, protocol, (address, port, *_) = target
        self._tried.append(_text(address))
        refusal = self._rules.refusal(self._tried[-1], port)
        if refusal:
            self._refused = f"{self._tried[-1]}, {refusal}"
            return pycurl.SOCKET_BAD
        try:
            return _Socket(socket.socket(family, kind, protocol))
        except OSError as error:
            self._own_errno = error.errno if error.errno in OURS else 0
            return pycurl.SOCKET_BAD

    def _ended(self, code: int, words: str) -> None:
        self._finish(self._trouble(code, words) if code else self._answer())

    def _finish(self, outcome: Answered | Trouble) -> None:
        self._transfers.give_back(self._curl)
        self._done(outcome)

    def _answer(self) -> Answered:
        read = self._curl.getinfo
        return Answered(
            status=read(pycurl.RESPONSE_CODE),
            location=read(pycurl.REDIRECT_URL),
            body=_decoded(b"".join(self._body), read(pycurl.CONTENT_TYPE)),
            timings=self._timings(),
            certificate_expires=expiry(read(pycurl.INFO_CERTINFO)),
        )

    def _trouble(self, code: int, words: str) -> Trouble:
        read = self._curl.getinfo
        return Trouble(
            code=code,
            words=words or os.strerror(read(pycurl.OS_ERRNO)),
            hop=self._hop,
            limit=self._limit,
            timings=self._timings(),
            address=read(pycurl.PRIMARY_IP) or ", ".join(self._tried),
            received=self._received,
            announced=read(pycurl.CONTENT_LENGTH_DOWNLOAD_T),
            errno=self._own_errno or read(pycurl.OS_ERRNO),
            verification=read(pycurl.SSL_VERIFYRESULT),
            certificate=leaf(read(pycurl.INFO_CERTINFO)),
            refused=self._refused if code == pycurl.E_COULDNT_CONNECT else "",
        )

    def _timings(self) -> Timings:
        read = self._curl.getinfo
        return Timings(
            connect=_milliseconds(read(pycurl.CONNECT_TIME_T)),
            tls=_milliseconds(read(pycurl.APPCONNECT_TIME_T)),
            first_byte=_milliseconds(read(pycurl.STARTTRANSFER_TIME_T)) if read(pycurl.RESPONSE_CODE) else None,
            total=_milliseconds(read(pycurl.TOTAL_TIME_T)),
        )


def _reason(error: pycurl.error) -> tuple[int, str]:
    return int(error.args[0]), str(error.args[-1])


def _milliseconds(microseconds: int) -> float | None:
    return microseconds / 1000 if microseconds else None


def _text(address: str | bytes) -> str:
    return address.decode() if isinstance(address, bytes) else address


def _decoded(body: bytes, content_type: str | None) -> str:
    _, _, charset = (content_type or "").lower().partition("charset=")
    try:
        return body.decode(charset.split(";")[0].strip(" \"'") or "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
