"""What a server answers: status, headers, body; and how much of each is taken in."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pycurl

from tocsin.domain.timings import Timings
from tocsin.probes.web.certificates import Fields

HEADERS_LIMIT = 128 * 1024
"""Bytes of headers; servers themselves take 8 to 64 KiB."""

_ENCODINGS = {"", "gzip", "x-gzip", "deflate", "br", "identity", "none"}
"""Those that our curl reads."""

_PACKED = {b"gzip", b"x-gzip", b"deflate", b"br"}

_CHARSETS = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|ascii|latin-?1|iso-8859-\d{1,2}|(?:windows-|cp)125\d|cp866|koi8-[ru]"
    r"|gb(?:k|2312|18030)|big5(?:-hkscs)?|euc-(?:jp|kr)|shift[_-]jis|iso-2022-(?:jp|kr)"
)
"""What pages are written in. Python has more: it keeps each name that it does not know, and punycode takes minutes."""

VERSIONS = {
    pycurl.CURL_HTTP_VERSION_1_0: "1.0",
    pycurl.CURL_HTTP_VERSION_1_1: "1.1",
    pycurl.CURL_HTTP_VERSION_2_0: "2",
}


class Answered(NamedTuple):
    """`head` and `tail` are the lines before and after the body, `protocol` is as in `TLSv1.3`.

    Most checks look at the status alone: the rest is read when it is asked for.
    """

    status: int
    location: str | None
    head: Sequence[bytes]
    tail: Sequence[bytes]
    content: bytes
    http_version: str
    timings: Timings
    certificates: Sequence[Fields]
    protocol: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return _parsed(self.head)

    @property
    def trailers(self) -> dict[str, str]:
        return _parsed(self.tail)

    @property
    def body(self) -> str:
        """In the encoding that the server says it has."""
        _, _, rest = self.headers.get("content-type", "").lower().partition("charset=")
        charset = rest.split(";")[0].strip(" \"'")
        try:
            return self.content.decode(charset if _CHARSETS.fullmatch(charset) else "utf-8", "replace")
        except LookupError:
            return self.content.decode("utf-8", "replace")


class Intake:
    """Takes in what curl reads. More than the limits ends the transfer; `too_large` says what of: headers or body.

    Encodings in each other, too: a kilobyte can become gigabytes on the way through them, none of which ever arrives.
    """

    def __init__(self, body_limit: int) -> None:
        self._body_limit = body_limit
        self._body = bytearray()
        self.head: list[bytes] = []
        self.tail: list[bytes] = []
        self._lines = self.head
        self._header_bytes = 0
        self._encodings = 0
        self.received = 0
        self.too_large = ""

    @property
    def content(self) -> bytes:
        return bytes(self._body)

    @property
    def is_in_unknown_encoding(self) -> bool:
        """Such as the `utf-8` and `aws-chunked` that some servers send, which browsers do not mind."""
        named = _parsed(self.head).get("content-encoding", "").lower().split(",")
        return not {each.strip() for each in named} <= _ENCODINGS

    def take_body(self, piece: bytes) -> int | None:
        """After decompression."""
        self.received += len(piece)
        if self.received > self._body_limit:
            return self._refuse("body")
        self._body += piece
        return None

    def take_header(self, line: bytes) -> int | None:
        self._header_bytes += len(line)
        if self._header_bytes > HEADERS_LIMIT:
            return self._refuse("headers")
        self._lines.append(line)
        if line == b"\r\n":
            self._lines = self.tail
        elif line.startswith(b"HTTP/"):
            # Of an interim answer nothing stays.
            self.head = self._lines = []
            self.tail = []
        elif line[:17].lower() == b"content-encoding:" and self._lines is self.head:
            self._encodings += sum(each.strip().lower() in _PACKED for each in line[17:].split(b","))
        return self._refuse("encodings") if self._encodings > 1 else None

    def _refuse(self, what: str) -> int:
        self.too_large = what
        return -1


def _parsed(lines: Sequence[bytes]) -> dict[str, str]:
    """Lower-case names; what is repeated is joined."""
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        before, colon, after = line.decode("latin-1").partition(":")
        if name and line[:1] in (b" ", b"\t"):
            headers[name] = f"{headers[name]} {(before + colon + after).strip()}"
        elif colon:
            name, value = before.strip().lower(), after.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
