"""What DNS records say, as text: one line each, as in zone files, but names in lower case and without the last dot."""

import struct
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address

from tocsin.probes.names.message import TYPES, MalformedError, Question, Reply, Resource, read_name

_LONGEST_CHAIN = 16
"""Of names that are other names for each other; resolvers give up earlier."""


class CircleError(ValueError):
    """A name is another name for itself."""


def answers(reply: Reply, question: Question) -> tuple[str, ...]:
    """The records of the asked type for the asked name and those it is another name for, sorted.

    Raises MalformedError and CircleError.
    """
    names = {question.name} if question.kind == "CNAME" else set(chain(reply.answers, question.name))
    wanted = TYPES[question.kind]
    return tuple(sorted({text(each) for each in reply.answers if each.type_number == wanted and each.name in names}))


def chain(records: Iterable[Resource], name: str) -> list[str]:
    """A name, and one after the other those that it is another name for. Raises MalformedError and CircleError."""
    leads_to = {each.name: _name(each, 0) for each in records if each.type_number == TYPES["CNAME"]}
    names = [name]
    while following := leads_to.get(names[-1]):
        if following in names or len(names) == _LONGEST_CHAIN:
            raise CircleError(" → ".join([*names, following]))
        names.append(following)
    return names


def text(record: Resource) -> str:
    """Raises MalformedError."""
    try:
        return _TEXTS[record.type_number](record)
    except (IndexError, ValueError, struct.error):
        raise MalformedError(f"the data of a record of {record.name} cannot be read") from None


def _name(record: Resource, offset: int) -> str:
    return read_name(record.message, record.start + offset)[0]


def _name_after_numbers(layout: str) -> Callable[[Resource], str]:
    numbers = struct.Struct(layout)

    def shown(record: Resource) -> str:
        return " ".join([*map(str, numbers.unpack_from(record.data)), _name(record, numbers.size)])

    return shown


def _start_of_authority(record: Resource) -> str:
    source, at = read_name(record.message, record.start)
    mailbox, at = read_name(record.message, at)
    return " ".join([source, mailbox, *map(str, struct.unpack_from("!5I", record.message[: record.end], at))])


def _strings(record: Resource) -> str:
    """The pieces of a TXT record belong together: each holds 255 bytes at most."""
    data, pieces = record.data, []
    while data:
        size = data[0]
        pieces.append(data[1 : 1 + size])
        if len(pieces[-1]) < size:
            raise MalformedError("a piece of it is missing")
        data = data[1 + size :]
    return b"".join(pieces).decode("utf-8", "replace")


def _authorization(record: Resource) -> str:
    flags, size = record.data[0], record.data[1]
    tag, value = record.data[2 : 2 + size], record.data[2 + size :]
    return f'{flags} {tag.decode("ascii")} "{value.decode("utf-8", "replace")}"'


_TEXTS: dict[int, Callable[[Resource], str]] = {
    TYPES["A"]: lambda record: str(IPv4Address(record.data)),
    TYPES["AAAA"]: lambda record: str(IPv6Address(record.data)),
    TYPES["CAA"]: _authorization,
    TYPES["CNAME"]: lambda record: _name(record, 0),
    TYPES["MX"]: _name_after_numbers("!H"),
    TYPES["NS"]: lambda record: _name(record, 0),
    TYPES["PTR"]: lambda record: _name(record, 0),
    TYPES["SOA"]: _start_of_authority,
    TYPES["SRV"]: _name_after_numbers("!3H"),
    TYPES["TXT"]: _strings,
}
