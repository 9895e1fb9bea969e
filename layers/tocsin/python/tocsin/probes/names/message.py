"""DNS messages as they travel (RFC 1035, with the larger datagrams of RFC 6891). What comes in may be hostile.

A library of this format takes 100 ms to import and four times as long to read an answer as a whole HTTP check takes.
"""

import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

TYPES = {
    "A": 1,
    "NS": 2,
    "CNAME": 5,
    "SOA": 6,
    "PTR": 12,
    "MX": 15,
    "TXT": 16,
    "AAAA": 28,
    "SRV": 33,
    "CAA": 257,
}

_FIRST_CODES = "NOERROR FORMERR SERVFAIL NXDOMAIN NOTIMP REFUSED YXDOMAIN YXRRSET NXRRSET NOTAUTH NOTZONE"
RCODES = dict(enumerate(_FIRST_CODES.split())) | {16: "BADVERS", 23: "BADCOOKIE"}

DATAGRAM_LIMIT = 1232
"""Fits through every path unfragmented (DNS flag day 2020)."""

_INTERNET = 1
_OPT = 41
_RECURSION_DESIRED = 0x0100
_IS_ANSWER = 0x8000
_TRUNCATED = 0x0200
_LONGEST_LABEL = 63
_LONGEST_NAME = 255
_POINTER = 0xC0

_PLAIN = bytes(byte for byte in range(0x21, 0x7F) if byte not in b".\\")
"""Characters that a label shows as they are."""

_HEADER = struct.Struct("!6H")
_QUESTION_END = struct.Struct("!2H")
_RECORD_HEAD = struct.Struct("!HHIH")


class MalformedError(ValueError):
    """These bytes are no DNS message."""


class Question(NamedTuple):
    """`name` in ASCII, lower case, without the last dot; `kind` is one of TYPES."""

    name: str
    kind: str

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"


class Resource(NamedTuple):
    """`type_number` as in TYPES. The data are in `message` from `start` to `end`: they may point elsewhere in it."""

    name: str
    type_number: int
    message: bytes
    start: int
    end: int

    @property
    def data(self) -> bytes:
        return self.message[self.start : self.end]


class Reply(NamedTuple):
    rcode: str
    is_truncated: bool
    answers: tuple[Resource, ...]


def question(name: str, kind: str) -> Question:
    """Raises ValueError for what can be no name, and for a type that is not read here."""
    if kind not in TYPES:
        raise ValueError(f"{kind} is no type of record that is checked; these are: {', '.join(sorted(TYPES))}")
    plain = name.strip().removesuffix(".").lower() or name.strip()
    ascii_name = plain if plain.isascii() else plain.encode("idna").decode()
    _encoded(ascii_name)
    return Question(ascii_name, kind)


def asked(number: int, question: Question, *, extended: bool = True) -> bytes:
    """The message that asks. Very old servers do not understand the extended form."""
    header = _HEADER.pack(number, _RECURSION_DESIRED, 1, 0, 0, int(extended))
    end = _QUESTION_END.pack(TYPES[question.kind], _INTERNET)
    extension = b"\0" + _RECORD_HEAD.pack(_OPT, DATAGRAM_LIMIT, 0, 0) if extended else b""
    return header + _encoded(question.name) + end + extension


def answered(message: bytes, number: int, question: Question) -> Reply | None:
    """What a message says to this question; None when it does not belong to it. Raises MalformedError."""
    try:
        return _read(message, number, question)
    except (IndexError, struct.error):
        raise MalformedError("it ends too early") from None


def read_name(message: bytes, at: int) -> tuple[str, int]:
    """A name, lower case and without its last dot, and where it ends. Pointers lead backwards alone: no circles."""
    labels: list[str] = []
    length, lowest, end = 0, at, 0
    while size := message[at]:
        if size >= _POINTER:
            target = (size & ~_POINTER) << 8 | message[at + 1]
            if target >= lowest:
                raise MalformedError("a name in it points at itself")
            end = end or at + 2
            lowest = at = target
            continue
        length += size + 1
        if size > _LONGEST_LABEL or length >= _LONGEST_NAME or at + size >= len(message):
            raise MalformedError("a name in it is too long")
        labels.append(_shown(message[at + 1 : at + 1 + size]))
        at += size + 1
    return ".".join(labels) or ".", end or at + 1


@lru_cache(maxsize=1024)
def _encoded(name: str) -> bytes:
    labels = [label.encode("ascii") for label in name.split(".")] if name != "." else []
    if any(not 0 < len(label) <= _LONGEST_LABEL for label in labels):
        raise ValueError(f"{name} is no name: each part has 1 to {_LONGEST_LABEL} characters")
    wire = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    if len(wire) > _LONGEST_NAME:
        raise ValueError(f"{name} is no name: it is longer than 253 characters")
    return wire


def _read(message: bytes, number: int, question: Question) -> Reply | None:
    found, flags, questions, answers, authorities, additional = _HEADER.unpack_from(message)
    if found != number or not flags & _IS_ANSWER:
        return None
    at = _HEADER.size
    if questions:
        name, at = read_name(message, at)
        if (name, *_QUESTION_END.unpack_from(message, at)) != (question.name, TYPES[question.kind], _INTERNET):
            return None
        at += _QUESTION_END.size
    elif not flags & 0xF:
        return None
    if flags & _TRUNCATED:
        return Reply(_rcode(flags, []), True, ())
    records = list(_records(message, at, answers + authorities + additional))
    return Reply(_rcode(flags, records[answers:]), False, tuple(each for each, _ in records[:answers]))


def _records(message: bytes, at: int, count: int) -> Iterator[tuple[Resource, int]]:
    """Each with what its time to live says, which an OPT record uses for other things."""
    for _ in range(count):
        name, at = read_name(message, at)
        type_number, _, lifetime, size = _RECORD_HEAD.unpack_from(message, at)
        start = at + _RECORD_HEAD.size
        at = start + size
        if at > len(message):
            raise MalformedError("a record in it ends too early")
        yield Resource(name, type_number, message, start, at), lifetime


def _rcode(flags: int, others: list[tuple[Resource, int]]) -> str:
    extended = next((lifetime >> 24 for each, lifetime in others if each.type_number == _OPT), 0)
    number = extended << 4 | flags & 0xF
    return RCODES.get(number, f"RCODE{number}")


def _shown(label: bytes) -> str:
    """As zone files write it: what is not printable as its number, a dot inside a label after a backslash."""
    if not label.translate(None, _PLAIN):
        return label.lower().decode("ascii")
    return "".join(_escaped(byte) for byte in label.lower())


def _escaped(byte: int) -> str:
    if byte in _PLAIN:
        return chr(byte)
    return f"\\{chr(byte)}" if byte in b".\\" else f"\\{byte:03}"
