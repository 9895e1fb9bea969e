"""TLS of a stream: whom to trust, what a failed handshake means, and what the certificates say."""

import errno
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tocsin.domain.checks import Failure
from tocsin.domain.expectations import Facts
from tocsin.probes.der import Certificate, certificate
from tocsin.probes.failures import CheckFailedError, untrusted
from tocsin.probes.faults import OURS, our_fault

_NOT_TLS = frozenset({"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"})
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class UntrustedError(CheckFailedError):
    """The server's certificate was not accepted; `presented` makes the message say what it is."""

    def __init__(self, place: str, host: str, error: ssl.SSLCertVerificationError) -> None:
        self._place, self._host = place, host
        self._code, self._words = error.verify_code, error.verify_message
        super().__init__(Failure(expect="certificate", message=f"The certificate of {place} {self._plainly}"))

    @property
    def _plainly(self) -> str:
        return f"was not accepted: {self._words}"

    def described(self, chain: Sequence[Certificate]) -> Failure:
        """`chain` is what the server presents, its own certificate first."""
        if not chain:
            return self.failure
        return untrusted(
            self._place,
            self._host,
            self._code,
            self._words,
            names=", ".join(chain[0].names),
            begins=_stamp(max(each.begins for each in chain)),
            ends=_stamp(min(each.ends for each in chain)),
            issuer=chain[-1].issuer,
        )


class PresentedError(Exception):
    """Ends a dialogue that went on only to see the server's certificates."""

    def __init__(self, chain: Sequence[Certificate]) -> None:
        super().__init__()
        self.chain = chain


@cache
def trusting(authorities: Path) -> ssl.SSLContext:
    """Made once: parsing the authorities costs more than a check. As strict as curl, not stricter."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authorities)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


@cache
def unverified() -> ssl.SSLContext:
    """To look at the certificates of a server that is not trusted: nothing is ever said to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def failed_handshake(place: str, error: OSError) -> Failure:
    if error.errno in OURS:
        return our_fault(f"{OURS[error.errno]} on the way to {place}")
    return Failure(expect="tls", message=_in_words(place, error))


def _in_words(place: str, error: OSError) -> str:
    if isinstance(error, ConnectionResetError) or error.errno == errno.ENOTCONN:
        return f"{place} reset the connection during the TLS handshake"
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | BrokenPipeError):
        return f"{place} closed the connection during the TLS handshake"
    reason = getattr(error, "reason", None)
    if reason in _NOT_TLS:
        return f"{place} does not speak TLS: what it answers to a TLS handshake is something else"
    words = reason.replace("_", " ").lower() if reason else error.strerror or str(error)
    _, alert, theirs = words.partition(" alert ")
    if alert:
        return f"{place} refused the TLS handshake: {theirs}"
    return f"The TLS handshake with {place} failed: {words}"


def presented(secured: ssl.SSLSocket) -> tuple[Certificate, ...]:
    """What the server sent, its own certificate first; nothing when it makes no sense."""
    with suppress(ValueError):
        return _chain(secured, "get_unverified_chain")
    return ()


def certificate_facts(secured: ssl.SSLSocket, now: datetime) -> Facts:
    """Of a verified connection."""
    verified = _chain(secured, "get_verified_chain")
    everything = presented(secured) or verified
    first_to_end = min(each.ends for each in verified)
    return {
        "certificate_expires": first_to_end,
        "certificate": {
            "valid_for": (first_to_end - now).total_seconds(),
            "all_valid_for": (min(each.ends for each in everything) - now).total_seconds(),
            "issuer": verified[0].issuer,
            "protocol": secured.version(),
            "names": list(verified[0].names),
        },
    }


def _chain(secured: ssl.SSLSocket, which: str) -> tuple[Certificate, ...]:
    """Public from Python 3.13 on; before, the same is there, less well known."""
    if hasattr(secured, which):
        return tuple(certificate(der) for der in getattr(secured, which)())
    inner = secured._sslobj  # type: ignore[attr-defined]
    return tuple(certificate(each.public_bytes(_DER)) for each in getattr(inner, which)() or ())


_DER = 2


def _stamp(instant: datetime) -> str:
    """As OpenSSL writes it."""
    at = instant.astimezone(UTC)
    return f"{_MONTHS[at.month - 1]} {at.day:2} {at:%H:%M:%S} {at.year} GMT"
