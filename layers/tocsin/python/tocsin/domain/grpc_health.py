"""The standard health check of gRPC: one message there, one back. By hand: the library weighs 15 MB.

https://github.com/grpc/grpc/blob/master/doc/health-checking.md, doc/PROTOCOL-HTTP2.md and protobuf's encoding.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from tocsin.domain.excerpts import shortened

PATH = "/grpc.health.v1.Health/Check"
HEADERS = {"content-type": "application/grpc", "te": "trailers"}

SERVING = "SERVING"
_HEALTH = ("UNKNOWN", SERVING, "NOT_SERVING", "SERVICE_UNKNOWN")
_CODES = (
    "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
    "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
    "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
)  # fmt: skip
_NOT_FOUND, _UNIMPLEMENTED = "5", "12"

_SERVICE = b"\x0a"
"""Field 1, of a length that follows."""

_VARINT, _EIGHT_BYTES, _SIZED, _FOUR_BYTES = 0, 1, 2, 5


def asked(service: str) -> bytes:
    name = service.encode()
    message = _SERVICE + _varint(len(name)) + name if name else b""
    return b"\0" + len(message).to_bytes(4, "big") + message


def health(content: bytes) -> str:
    """As `SERVING`. Raises ValueError for what is no answer to that question."""
    if len(content) < 5 or content[0] or len(content) != 5 + int.from_bytes(content[1:5], "big"):
        raise ValueError("it is not one whole message")
    number = dict(_fields(content[5:])).get(1, 0)
    return _HEALTH[number] if number < len(_HEALTH) else str(number)


def refusal(place: str, service: str, trailers: Mapping[str, str]) -> str | None:
    """Why there is no answer; None when the call went well."""
    code = trailers.get("grpc-status")
    if code == "0":
        return None
    if code is None:
        return f"{place} does not answer as a gRPC server does: there is no grpc-status"
    name = _CODES[int(code)] if code.isdecimal() and int(code) < len(_CODES) else "an unknown one"
    why = shortened(unquote(trailers.get("grpc-message", "")))
    meaning = {
        _NOT_FOUND: f"; it knows no service {service!r}",
        _UNIMPLEMENTED: "; it does not offer the health service, grpc.health.v1.Health",
    }.get(code, "")
    return f"{place} answered with gRPC status {shortened(code)}, {name}{f': {why}' if why else ''}{meaning}"


def _varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    octets = bytearray()
    while number > 0x7F:
        octets.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*octets, number])


def _fields(message: bytes) -> Iterator[tuple[int, int]]:
    """The numbers of the fields that hold numbers, and these."""
    at = 0
    while at < len(message):
        key, at = _read(message, at)
        value, kind = 0, key & 7
        if kind == _VARINT:
            value, at = _read(message, at)
            yield key >> 3, value
        elif kind == _SIZED:
            size, at = _read(message, at)
            at += size
        elif kind in {_EIGHT_BYTES, _FOUR_BYTES}:
            at += 8 if kind == _EIGHT_BYTES else 4
        else:
            raise ValueError("it is not in protobuf's encoding")


def _read(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("it breaks off")
        octet, at = message[at], at + 1
        value |= (octet & 0x7F) << shift
        if octet < 0x80:
            return value, at
    raise ValueError("it is not in protobuf's encoding")
