"""DNS messages: what dnspython writes we read, what we write it reads, and nothing that comes in can do harm."""

import dns.flags
import dns.message
import dns.rcode
import dns.rdata
import dns.rrset
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.names.message import TYPES, MalformedError, Question, Reply, answered, asked, question, read_name
from tocsin.probes.names.records import CircleError, answers

SHOP = question("shop.example", "A")
RECORDS = {
    "A": "192.0.2.1",
    "AAAA": "2001:db8::1",
    "CAA": '128 iodef "mailto:a@acme.example"',
    "CNAME": "acme.example.",
    "MX": "10 mail.acme.example.",
    "NS": "ns.acme.example.",
    "PTR": "acme.example.",
    "SOA": "ns.acme.example. admin.acme.example. 1 2 3 4 4294967295",
    "SRV": "0 65535 443 .",
    "TXT": '"one" "two"',
}
_LABEL = st.from_regex(r"\A[a-z0-9_]([a-z0-9_-]{0,20}[a-z0-9])?\Z")
NAMES = st.lists(_LABEL, min_size=1, max_size=8).map(".".join)


def answer(about: Question, *records: str, rcode: str = "NOERROR", number: int = 7) -> bytes:
    query = dns.message.make_query(about.name, about.kind, use_edns=0, id=number)
    message = dns.message.make_response(query)
    message.set_rcode(dns.rcode.from_text(rcode))
    for record in records:
        name, kind, data = record.split(maxsplit=2)
        message.answer.append(dns.rrset.from_text(name, 60, "IN", kind, data))
    return message.to_wire()


@given(NAMES, st.sampled_from(sorted(TYPES)), st.integers(0, 0xFFFF))
def test_what_we_ask_is_what_is_understood(name: str, kind: str, number: int) -> None:
    message = dns.message.from_wire(asked(number, question(name.upper() + ".", kind)))

    (found,) = message.question
    assert (message.id, message.payload, found.to_text()) == (number, 1232, f"{name}. IN {kind}")
    assert message.flags == dns.flags.RD


@given(NAMES, st.sampled_from(sorted(TYPES)))
def test_every_type_reads_as_it_was_written(name: str, kind: str) -> None:
    about = question(name, kind)

    reply = answered(answer(about, f"{name}. {kind} {RECORDS[kind]}"), 7, about)

    assert reply is not None
    plain = {"TXT": "onetwo", "SRV": "0 65535 443 ."}.get(kind)
    assert answers(reply, about) == (plain or " ".join(word.removesuffix(".") for word in RECORDS[kind].split()),)


@pytest.mark.parametrize("rcode", ["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "NOTAUTH", "BADVERS"])
def test_the_rcode_also_where_it_is_extended(rcode: str) -> None:
    assert answered(answer(SHOP, rcode=rcode), 7, SHOP) == Reply(rcode, False, ())


def test_the_numbers_without_a_name() -> None:
    message = bytearray(answer(SHOP))
    message[3] |= 12

    assert answered(bytes(message), 7, SHOP) == Reply("RCODE12", False, ())


@pytest.mark.parametrize(
    "about", [question("evil.example", "A"), question("shop.example", "AAAA"), question("shop.example.org", "A")]
)
def test_the_answer_to_another_question_is_none(about: Question) -> None:
    assert answered(answer(about), 7, SHOP) is None


def test_neither_is_one_with_another_number_nor_a_question() -> None:
    assert answered(answer(SHOP, number=8), 7, SHOP) is None
    assert answered(asked(7, SHOP), 7, SHOP) is None


@given(st.binary(max_size=300))
def test_whatever_comes_in_is_read_or_refused(noise: bytes) -> None:
    _read(noise)
    _read(b"\x00\x07\x81\x80\x00\x00\x00\x09\x00\x00\x00\x00" + noise)
    _read(answer(SHOP)[:29] + noise)


@given(st.data())
def test_a_message_that_was_tampered_with_is_read_or_refused(data: st.DataObject) -> None:
    records = [f"shop.example. {kind} {text}" for kind, text in RECORDS.items()]
    message = bytearray(answer(SHOP, *records))
    for position in data.draw(st.lists(st.integers(2, len(message) - 1), max_size=8)):
        message[position] = data.draw(st.integers(0, 255))

    _read(bytes(message[: data.draw(st.integers(0, len(message)))]))


def _read(message: bytes) -> None:
    for kind in TYPES:
        about = SHOP._replace(kind=kind)
        try:
            reply = answered(message, 7, about)
            if reply:
                answers(reply, about)
        except (MalformedError, CircleError):
            pass


@pytest.mark.parametrize(
    "wire",
    [
        pytest.param(b"\xc0\x00", id="points at itself"),
        pytest.param(b"\x01a\xc0\x00", id="points at its beginning"),
        pytest.param(b"\xc0\x04\x00\x00\x00", id="points ahead"),
        pytest.param(b"\x40" + b"a" * 64 + b"\x00", id="a label of 64"),
        pytest.param((b"\x3f" + b"a" * 63) * 4 + b"\x00", id="256 bytes"),
        pytest.param(b"\x05ab", id="ends inside a label"),
    ],
)
def test_names_that_are_none(wire: bytes) -> None:
    with pytest.raises(MalformedError):
        read_name(wire, 0)


def test_a_name_of_odd_bytes_is_shown_as_in_a_zone_file() -> None:
    assert read_name(b"\x06A.b\\ \xff\x00", 0) == (r"a\.b\\\032\255", 8)


@pytest.mark.parametrize(
    ("name", "found"), [("Bücher.Example.", "xn--bcher-kva.example"), (".", "."), ("_dmarc.a", "_dmarc.a")]
)
def test_names_to_ask_for(name: str, found: str) -> None:
    assert question(name, "TXT").name == found


@pytest.mark.parametrize("name", ["", "a..b", ".a", "x" * 64, ".".join(["x" * 60] * 5), "é" * 70])
def test_what_can_be_no_name(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        question(name, "A")
