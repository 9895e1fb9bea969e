"""What curl tells about the certificates of a connection."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Fields = Sequence[tuple[str, str]]
"""One certificate: names and values, in OpenSSL's words."""


def expiry(chain: Sequence[Fields]) -> datetime | None:
    """When the first certificate to expire does; None without certificates."""
    ends = [instant(value) for fields in chain for name, value in fields if name == "Expire date"]
    return min(ends) if ends else None


def leaf(chain: Sequence[Fields]) -> Mapping[str, str]:
    """The server's own certificate; empty without certificates."""
    return dict(chain[0]) if chain else {}


def names(certificate: Mapping[str, str]) -> str:
    """The hosts that it is for, as a message says it."""
    alternatives = certificate.get("X509v3 Subject Alternative Name") or certificate.get("Subject", "")
    return alternatives.replace("DNS:", "").replace("IP Address:", "")


def instant(words: str) -> datetime:
    """From "Nov  3 20:12:00 2026 GMT". By hand: strptime would import half a library."""
    month, day, clock, year, _ = words.split()
    hour, minute, second = map(int, clock.split(":"))
    return datetime(int(year), _MONTHS.index(month) + 1, int(day), hour, minute, second, tzinfo=UTC)
