"""What a certificate says, from its DER form (RFC 5280). Importing a library for it would take longer than a check."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

_CONTEXT_0, _CONTEXT_3, _UTC_TIME, _BMP_STRING = 0xA0, 0xA3, 0x17, 0x1E
_DNS_NAME, _IP_ADDRESS = 0x82, 0x87
_ALTERNATIVE_NAMES = bytes.fromhex("551d11")
_ATTRIBUTES = {
    "550403": "CN",
    "550406": "C",
    "550407": "L",
    "550408": "ST",
    "55040a": "O",
    "55040b": "OU",
}
"""By the object identifier, in hexadecimal."""


class Certificate(NamedTuple):
    """`names` are the hosts and addresses that it is for; `issuer` as in `C = US, O = Let's Encrypt, CN = R11`.

    `holder` and `signer` are the names of subject and issuer as they are compared, in DER.
    """

    issuer: str
    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    holder: bytes = b""
    signer: bytes = b""


@lru_cache(maxsize=512)
def certificate(der: bytes) -> Certificate:
    """Raises ValueError when it cannot be read. The same ones are seen again each minute."""
    try:
        return _certificate(der)
    except (IndexError, StopIteration) as error:
        raise ValueError("not a certificate in DER form") from error


def _certificate(der: bytes) -> Certificate:
    body = next(_items(next(_items(der))[1]))[1]
    fields = [field for field in _items(body) if field[0] != _CONTEXT_0]
    _serial, _algorithm, issuer, validity, subject = (content for _, content in fields[:5])
    begins, ends = (_instant(*time) for time in _items(validity))
    return Certificate(_name(issuer), begins, ends, _names(fields) or (_common_name(subject),), subject, issuer)


def _items(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The values inside another, each with its tag."""
    at = 0
    while at < len(content):
        tag, size, at = content[at], content[at + 1], at + 2
        if size & 0x80:
            octets = size & 0x7F
            size, at = int.from_bytes(content[at : at + octets], "big"), at + octets
        if at + size > len(content):
            raise ValueError("a certificate breaks off")
        yield tag, content[at : at + size]
        at += size


def _instant(tag: int, content: bytes) -> datetime:
    """`YYMMDDHHMMSSZ`, or with four digits of the year. By hand: strptime would import half a library."""
    digits = content.decode("ascii").removesuffix("Z")
    if tag == _UTC_TIME:
        digits = ("20" if digits < "50" else "19") + digits
    month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(4, 14, 2))
    return datetime(int(digits[:4]), month, day, hour, minute, second, tzinfo=UTC)


def _name(content: bytes) -> str:
    return ", ".join(f"{label} = {value}" for label, value in _attributes(content))


def _common_name(content: bytes) -> str:
    return next((value for label, value in _attributes(content) if label == "CN"), "")


def _attributes(content: bytes) -> Iterator[tuple[str, str]]:
    for _, together in _items(content):
        for _, pair in _items(together):
            (_, identifier), (tag, value) = _items(pair)
            text = value.decode("utf-16-be" if tag == _BMP_STRING else "utf-8", "replace")
            if label := _ATTRIBUTES.get(identifier.hex()):
                yield label, text


def _names(fields: list[tuple[int, bytes]]) -> tuple[str, ...]:
    extensions = next((content for tag, content in fields if tag == _CONTEXT_3), b"")
    for _, sequence in _items(extensions):
        for _, extension in _items(sequence):
            (_, identifier), *_, (_, value) = _items(extension)
            if identifier == _ALTERNATIVE_NAMES:
                return tuple(_shown(tag, name) for tag, name in _items(next(_items(value))[1]) if tag in _SHOWN)
    return ()


_SHOWN = {_DNS_NAME, _IP_ADDRESS}


def _shown(tag: int, name: bytes) -> str:
    return str(ip_address(name)) if tag == _IP_ADDRESS else name.decode("ascii", "replace")
