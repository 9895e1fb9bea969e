"""What went wrong with a transfer, in words for somebody who was asleep a minute ago."""

import errno
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple

import pycurl

from tocsin.domain.checks import Failure
from tocsin.domain.hops import Hop
from tocsin.domain.timings import Timings
from tocsin.probes.failures import unreachable, untrusted
from tocsin.probes.faults import our_fault
from tocsin.probes.web.answer import HEADERS_LIMIT
from tocsin.probes.web.certificates import names
from tocsin.probes.web.options import Terms


class Trouble(NamedTuple):
    """A failed transfer. `code` is curl's, `verification` OpenSSL's, `refused` why an address was not connected to,
    `too_large` what exceeded its limit: headers or body.
    """

    code: int
    words: str
    hop: Hop
    limit: timedelta
    terms: Terms = Terms()
    timings: Timings = Timings()
    address: str = ""
    received: int = 0
    announced: int = -1
    errno: int = 0
    verification: int = 0
    too_large: str = ""
    in_unknown_encoding: bool = False
    certificate: Mapping[str, str] = {}
    refused: str = ""

    @property
    def place(self) -> str:
        return (
            f"{self.hop.place} ({self.address})" if self.address and self.address != self.hop.host else self.hop.place
        )


def describe(trouble: Trouble) -> Failure:
    """A failure whose `expect` is `checker` is our own fault."""
    if trouble.refused:
        return Failure(expect="address", message=f"{trouble.hop.host} is at {trouble.refused}")
    return _BY_CODE.get(trouble.code, _unknown)(trouble)


def _connect(trouble: Trouble) -> Failure:
    return unreachable(trouble.place, trouble.errno, trouble.words)


def _timeout(trouble: Trouble) -> Failure:
    limit = f"{trouble.limit.total_seconds():g} s"
    return Failure(expect="timeout", message=f"{_waited_for(trouble)} within {limit}{_came_so_far(trouble)}")


def _waited_for(trouble: Trouble) -> str:
    at = trouble.timings
    if at.connect is None:
        return f"No connection to {trouble.place}"
    if at.tls is None and trouble.hop.url.scheme == "https":
        return f"No TLS handshake with {trouble.place}"
    return f"No {'response from' if at.first_byte is None else 'end of the response from'} {trouble.place}"


def _came_so_far(trouble: Trouble) -> str:
    at = trouble.timings
    if at.first_byte is not None:
        return f": it began after {at.first_byte:.0f} ms, and {trouble.received} bytes of the body came"
    if at.tls is not None:
        return f": the TLS handshake was done after {at.tls:.0f} ms, then nothing came"
    return "" if at.connect is None else f": it took the connection after {at.connect:.0f} ms, then nothing came"


def _certificate(trouble: Trouble) -> Failure:
    own = trouble.certificate
    return untrusted(
        trouble.place,
        trouble.hop.host,
        trouble.verification,
        trouble.words,
        names=names(own),
        begins=own.get("Start date", ""),
        ends=own.get("Expire date", ""),
        issuer=own.get("Issuer", ""),
    )


def _handshake(trouble: Trouble) -> Failure:
    if trouble.errno == errno.ECONNRESET:
        return Failure(expect="tls", message=f"{trouble.place} reset the connection during the TLS handshake")
    return Failure(expect="tls", message=f"The TLS handshake with {trouble.place} failed: {trouble.words}")


def _no_answer(trouble: Trouble) -> Failure:
    return Failure(expect="response", message=f"{trouble.place} closed the connection without any response")


def _broken_off(trouble: Trouble) -> Failure:
    if trouble.errno not in {errno.ECONNRESET, errno.EPIPE}:
        return _not_http(trouble)
    when = f"after {trouble.received} bytes of the body" if trouble.timings.first_byte else "before any response"
    return Failure(expect="response", message=f"{trouble.place} reset the connection {when}")


def _partial(trouble: Trouble) -> Failure:
    of = f" of {trouble.announced}" if trouble.announced >= 0 else ""
    return Failure(
        expect="response", message=f"The response of {trouble.place} broke off after {trouble.received}{of} bytes"
    )


def _not_http(trouble: Trouble) -> Failure:
    return Failure(expect="response", message=f"{trouble.place} does not answer in proper HTTP: {trouble.words}")


def _not_http2(trouble: Trouble) -> Failure:
    if trouble.terms.version != "2":
        return _not_http(trouble)
    return Failure(
        expect="http_version", message=f"{trouble.place} does not speak HTTP/2, as asked for: {trouble.words}"
    )


def _too_large(trouble: Trouble) -> Failure:
    what = trouble.too_large or "body"
    if what == "encodings":
        nested = f"The body of {trouble.place} is compressed several times over, as bombs are; it is not read"
        return Failure(expect="size", message=nested)
    limit = HEADERS_LIMIT if what == "headers" else trouble.terms.body_limit
    verb, nothing = ("are", "no more of them is read") if what == "headers" else ("is", "no more is read")
    return Failure(expect="size", message=f"The {what} of {trouble.place} {verb} larger than {_size(limit)}; {nothing}")


def _too_many(trouble: Trouble) -> Failure:
    return Failure(expect="size", message=f"The headers of {trouble.place} are too many: {trouble.words}")


def _size(limit: int) -> str:
    return f"{limit // 1024} KiB" if limit % 1024 == 0 else f"{limit} bytes"


def _bad_identity(trouble: Trouble) -> Failure:
    return our_fault(
        "the client certificate or its key cannot be used; both have to be PEM, "
        f"and the key without a pass phrase: {trouble.words}"
    )


def _bad_address(trouble: Trouble) -> Failure:
    return Failure(
        expect="address", message=f"{trouble.hop.shown} is not an address that can be asked: {trouble.words}"
    )


def _internal(trouble: Trouble) -> Failure:
    return our_fault(f"{trouble.words or 'no reason given'} (curl {trouble.code})")


def _unknown(trouble: Trouble) -> Failure:
    return Failure(
        expect="response", message=f"The check of {trouble.place} failed: {trouble.words} (curl {trouble.code})"
    )


_HTTP2_STREAM, _TOO_LARGE = 92, 100

_BY_CODE: dict[int, Callable[[Trouble], Failure]] = {
    pycurl.E_COULDNT_CONNECT: _connect,
    pycurl.E_OPERATION_TIMEDOUT: _timeout,
    pycurl.E_PEER_FAILED_VERIFICATION: _certificate,
    pycurl.E_SSL_CONNECT_ERROR: _handshake,
    pycurl.E_SSL_CIPHER: _handshake,
    pycurl.E_GOT_NOTHING: _no_answer,
    pycurl.E_RECV_ERROR: _broken_off,
    pycurl.E_SEND_ERROR: _broken_off,
    pycurl.E_PARTIAL_FILE: _partial,
    pycurl.E_HTTP2: _not_http2,
    _HTTP2_STREAM: _not_http,
    _TOO_LARGE: _too_many,
    pycurl.E_FTP_WEIRD_SERVER_REPLY: _not_http,
    pycurl.E_UNSUPPORTED_PROTOCOL: _not_http,
    pycurl.E_BAD_CONTENT_ENCODING: _not_http,
    pycurl.E_FILESIZE_EXCEEDED: _too_large,
    pycurl.E_WRITE_ERROR: _too_large,
    pycurl.E_URL_MALFORMAT: _bad_address,
    pycurl.E_FAILED_INIT: _internal,
    pycurl.E_OUT_OF_MEMORY: _internal,
    pycurl.E_BAD_FUNCTION_ARGUMENT: _internal,
    pycurl.E_SSL_CACERT_BADFILE: _internal,
    pycurl.E_SSL_CERTPROBLEM: _bad_identity,
    pycurl.E_ABORTED_BY_CALLBACK: _internal,
}
