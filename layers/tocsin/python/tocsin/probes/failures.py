"""What probes of several kinds say of a target that cannot be reached or trusted."""

import errno

from tocsin.domain.checks import Failure
from tocsin.domain.excerpts import shortened
from tocsin.probes.faults import OURS, our_fault


class CheckFailedError(Exception):
    """Ends a check: nothing can be judged."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def unreachable(place: str, number: int, words: str) -> Failure:
    """`number` is the errno of the attempt to connect."""
    if number in OURS:
        return our_fault(f"{OURS[number]} on the way to {place}")
    if number == errno.ECONNREFUSED:
        return Failure(expect="connect", message=f"{place} refused the connection")
    if number == errno.EHOSTUNREACH:
        return Failure(expect="connect", message=f"There is no route to {place}")
    return Failure(expect="connect", message=f"No connection to {place}: {words}")


def untrusted(
    place: str, host: str, verification: int, words: str, *, names: str, begins: str, ends: str, issuer: str
) -> Failure:
    """`verification` is OpenSSL's X509_V_ERR code; the rest is of the server's certificate, dates as OpenSSL's."""
    found = _CERTIFICATES.get(verification, "was not accepted: {words}")
    details = {
        "host": host,
        "names": shortened(names) or "no host",
        "begins": begins,
        "ends": ends,
        "issuer": shortened(issuer) or "nobody",
        "words": words,
    }
    return Failure(expect="certificate", message=f"The certificate of {place} {found.format(**details)}")


_OTHER_HOST = "is for {names}, not for {host}"
_UNKNOWN_ISSUER = "is signed by {issuer}, which nobody knows; perhaps an intermediate certificate is missing"

_CERTIFICATES = {
    0: _OTHER_HOST,
    1: _OTHER_HOST,
    62: _OTHER_HOST,
    64: _OTHER_HOST,
    9: "is not valid before {begins}",
    10: "has expired on {ends}",
    18: "is self-signed: no known authority vouches for it",
    19: "is signed by {issuer}, an authority that nobody knows",
    20: _UNKNOWN_ISSUER,
    21: _UNKNOWN_ISSUER,
}
"""By OpenSSL's X509_V_ERR codes. With 0 and 1 the chain is good, and curl itself found no matching name."""
