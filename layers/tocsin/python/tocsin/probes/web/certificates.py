"""What curl tells about the certificates of a connection, and when the first of those that matter expires.

A server may send more than is needed, such as an old root that has expired and that nobody asks for any more.
"""

import binascii
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from tocsin.domain.expectations import Facts
from tocsin.probes.der import Certificate, certificate

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"

Fields = Sequence[tuple[str, str]]
"""One certificate: names and values, in OpenSSL's words."""

Roots = Mapping[bytes, datetime]
"""Trusted authorities: from a name in DER to its end, the last one where several bear it."""


def leaf(chain: Sequence[Fields]) -> Mapping[str, str]:
    """The server's own certificate; empty without certificates."""
    return dict(chain[0]) if chain else {}


def names(own: Mapping[str, str]) -> str:
    """The hosts that it is for, as a message says it."""
    alternatives = own.get("X509v3 Subject Alternative Name") or own.get("Subject", "")
    return alternatives.replace("DNS:", "").replace("IP Address:", "")


def certificate_facts(chain: Sequence[Fields], authorities: Path, now: datetime, protocol: str = "") -> Facts:
    """Of a verified connection; none without certificates. `protocol` is told when it is known."""
    presented = [each for fields in chain for each in _read(dict(fields).get("Cert", ""))]
    if not presented:
        return {}
    ends = first_expiry(presented, roots_in(authorities))
    return {
        "certificate_expires": ends,
        "certificate": {
            "valid_for": (ends - now).total_seconds(),
            "all_valid_for": (min(each.ends for each in presented) - now).total_seconds(),
            "issuer": presented[0].issuer,
            "names": list(presented[0].names),
            **({"protocol": protocol} if protocol else {}),
        },
    }


def first_expiry(presented: Sequence[Certificate], roots: Roots) -> datetime:
    """Of the server's own certificate and those that it stands on, as far as an authority that is trusted."""
    signers = {each.holder: each for each in sorted(presented, key=lambda each: each.ends)}
    link, ends = presented[0], presented[0].ends
    while link.signer not in roots and link.signer in signers:
        link = signers.pop(link.signer)
        ends = min(ends, link.ends)
    return min(ends, roots.get(link.signer, ends))


@cache
def roots_in(authorities: Path) -> Roots:
    """Read once: there are more than a hundred."""
    roots: dict[bytes, datetime] = {}
    for der in ders_in(authorities.read_text()):
        root = certificate(der)
        roots[root.holder] = max(root.ends, roots.get(root.holder, root.ends))
    return roots


@lru_cache(maxsize=1024)
def _read(pem: str) -> tuple[Certificate, ...]:
    """A server shows the same ones each time."""
    return tuple(map(certificate, ders_in(pem)))


def ders_in(pem: str) -> Iterator[bytes]:
    for block in pem.split(_BEGIN)[1:]:
        yield binascii.a2b_base64(block.partition(_END)[0])
