"""A request, as options of a curl handle that has none set."""

import string
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pycurl

from tocsin.domain.hops import Hop
from tocsin.probes.http_failures import BODY_LIMIT

_USER_AGENT = "Tocsin (uptime check)"

_CURVES = "X25519:P-256:P-384:P-521:X25519MLKEM768"
"""OpenSSL would begin with a post-quantum key, which costs more than the rest of a check."""

_ALWAYS: tuple[tuple[int, Any], ...] = (
    (pycurl.NOSIGNAL, 1),
    (pycurl.PROXY, ""),
    (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
    (pycurl.FOLLOWLOCATION, 0),
    (pycurl.FRESH_CONNECT, 1),
    (pycurl.FORBID_REUSE, 1),
    (pycurl.DNS_CACHE_TIMEOUT, 0),
    (pycurl.SSL_SESSIONID_CACHE, 0),
    (pycurl.SSL_EC_CURVES, _CURVES),
    (pycurl.OPT_CERTINFO, 1),
    (pycurl.USERAGENT, _USER_AGENT),
)
"""Nothing is shared between checks, and nothing of this process's environment takes part."""


def options(hop: Hop, addresses: Iterable[str], limit: timedelta, authorities: Path) -> Iterator[tuple[int, Any]]:
    """`limit` is the time for the whole transfer, at least a millisecond; `authorities` is a PEM file."""
    milliseconds = max(1, int(limit.total_seconds() * 1000))
    yield from _ALWAYS
    yield pycurl.CAINFO, str(authorities)
    yield pycurl.TIMEOUT_MS, milliseconds
    yield pycurl.CONNECTTIMEOUT_MS, milliseconds
    yield pycurl.URL, quote(hop.url.geturl(), safe=string.punctuation)
    if hop.host not in addresses:
        yield pycurl.RESOLVE, [f"{hop.host}:{hop.port}:{','.join(addresses)}"]
    yield pycurl.HTTPHEADER, [_header(name, value).encode() for name, value in hop.headers] + [b"Expect:"]
    yield from _method(hop)
    if hop.login:
        yield pycurl.HTTPAUTH, pycurl.HTTPAUTH_BASIC
        yield pycurl.USERPWD, hop.login.encode()


def _method(hop: Hop) -> Iterator[tuple[int, Any]]:
    if hop.body is not None:
        yield pycurl.POSTFIELDS, hop.body.encode()
    if hop.method == "HEAD":
        yield pycurl.NOBODY, 1
    else:
        yield pycurl.CUSTOMREQUEST, hop.method
        yield pycurl.MAXFILESIZE, BODY_LIMIT


def _header(name: str, value: str) -> str:
    """Curl sends a header without a value only when it ends in a semicolon."""
    return f"{name}: {value}" if value else f"{name};"
