"""A request, as options of a curl handle that has none set."""

import string
from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

import pycurl

from tocsin.domain.hops import Hop, refuse_line_breaks

BODY_LIMIT = 1024 * 1024

_OVERHEAD = 1024
"""Curl compares what is announced, and compression makes the smallest bodies larger."""

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


class Terms(NamedTuple):
    """What holds for a request and for those that its redirects lead to. `version` and `resolver` as in HttpCheck.

    With `protocol`, the version of TLS is told: curl does so only in passing, which costs a few calls for each step.
    """

    redirects: int = 0
    version: Literal["1.1", "2"] | None = None
    resolver: str | None = None
    body_limit: int = BODY_LIMIT
    protocol: bool = False
    decoded: bool = True


def of_this_time(hop: Hop, addresses: Collection[str], limit: timedelta) -> Iterator[tuple[int, Any]]:
    """`limit` is the time for the whole transfer, at least a millisecond."""
    milliseconds = max(1, int(limit.total_seconds() * 1000))
    yield pycurl.TIMEOUT_MS, milliseconds
    yield pycurl.CONNECTTIMEOUT_MS, milliseconds
    if ":" not in hop.host and hop.host not in addresses:
        yield pycurl.RESOLVE, [f"{hop.host}:{hop.port}:{','.join(addresses)}"]


@lru_cache(maxsize=1024)
def of_every_time(hop: Hop, terms: Terms, authorities: Path) -> tuple[tuple[int, Any], ...]:
    """The same request is sent each minute. `authorities` is a PEM file. Raises RefusedError for what is not sent."""
    return (*_ALWAYS, *_options(hop, terms), (pycurl.CAINFO, str(authorities)))


def _options(hop: Hop, terms: Terms) -> Iterator[tuple[int, Any]]:
    yield pycurl.HTTP_VERSION, _version(hop, terms)
    yield pycurl.URL, quote(hop.url.geturl(), safe=string.punctuation)
    if terms.decoded:
        yield pycurl.ACCEPT_ENCODING, ""
    yield pycurl.HTTPHEADER, [_header(name, value).encode() for name, value in hop.headers] + [b"Expect:"]
    yield from _method(hop, terms)
    yield from _login(hop)


def _version(hop: Hop, terms: Terms) -> int:
    if terms.version == "1.1":
        return pycurl.CURL_HTTP_VERSION_1_1
    # Without TLS nobody can ask first: the server has to know.
    unasked = terms.version == "2" and hop.url.scheme == "http"
    return pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE if unasked else pycurl.CURL_HTTP_VERSION_2TLS


def _method(hop: Hop, terms: Terms) -> Iterator[tuple[int, Any]]:
    if hop.body is not None:
        yield pycurl.POSTFIELDS, hop.body
    if hop.method == "HEAD":
        yield pycurl.NOBODY, 1
    else:
        yield pycurl.CUSTOMREQUEST, hop.method
        yield pycurl.MAXFILESIZE, terms.body_limit + _OVERHEAD


def _login(hop: Hop) -> Iterator[tuple[int, Any]]:
    if hop.login:
        yield pycurl.HTTPAUTH, pycurl.HTTPAUTH_BASIC
        yield pycurl.USERPWD, hop.login.encode()
    if hop.identity:
        yield pycurl.SSLCERT_BLOB, hop.identity.certificate.encode()
        yield pycurl.SSLKEY_BLOB, hop.identity.key.encode()


def _header(name: str, value: str) -> str:
    """Curl sends a header without a value only when it ends in a semicolon."""
    refuse_line_breaks(name, value)
    return f"{name}: {value}" if value else f"{name};"
