"""What a server answers: status, headers, body; and how much of each is taken in."""

import re
from collections.abc import Mapping, Sequence
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
    """`trailers` came after the body, `protocol` is as in `TLSv1.3`."""

    status: int
    location: str | None
    headers: Mapping[str, str]
    trailers: Mapping[str, str]
    content: bytes
    http_version: str
    timings: Timings
    certificates: Sequence[Fields]
    protocol: str = ""

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
        self._lines: list[bytes] = []
        self._trailing: list[bytes] = []
        self._header_bytes = 0
        self._encodings = 0
        self.received = 0
        self.too_large = ""

    @property
    def content(self) -> bytes:
        return bytes(self._body)

    @property
    def headers(self) -> dict[str, str]:
        return _parsed(self._lines)

    @property
    def trailers(self) -> dict[str, str]:
        return _parsed(self._trailing)

    @property
    def is_in_unknown_encoding(self) -> bool:
        """Such as the `utf-8` and `aws-chunked` that some servers send, which browsers do not mind."""
        named = self.headers.get("content-encoding", "").lower().split(",")
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
        if line.startswith(b"HTTP/"):
            # Of an interim answer nothing stays.
            self._lines, self._trailing = [], []
        elif self._lines and self._lines[-1] == b"\r\n":
            self._trailing.append(line)
        else:
            self._lines.append(line)
            self._encodings += _encodings_in(line)
        return self._refuse("encodings") if self._encodings > 1 else None

    def _refuse(self, what: str) -> int:
        self.too_large = what
        return -1


def _encodings_in(line: bytes) -> int:
    name, _, value = line.partition(b":")
    if name.lower() != b"content-encoding":
        return 0
    return sum(each.strip().lower() in _PACKED for each in value.split(b","))


def _parsed(lines: Sequence[bytes]) -> dict[str, str]:
    """Lower-case names; what is repeated is joined."""
    headers: dict[str, str] = {}
    name = ""
    for line in lines:
        text = line.decode("latin-1").rstrip("\r\n")
        if text[:1] in {" ", "\t"} and name:
            headers[name] = f"{headers[name]} {text.strip()}"
        elif ":" in text:
            name, value = text.split(":", 1)
            name, value = name.strip().lower(), value.strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
