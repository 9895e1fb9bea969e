"""DNS checks against Debian's own name servers, and against one that answers in every bad way."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support import probing
from tests.support.builders import expected
from tests.support.dns_servers import dnsmasq, unbound
from tests.support.hostile_server import refusing_port
from tests.support.name_server import Answering, NameServer, Query, reply
from tests.support.probing import LONG, LOOPBACK_ALLOWED, SHORT
from tocsin.domain.check_kinds import DnsCheck
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.expectations import Expectation
from tocsin.domain.place import Place
from tocsin.domain.targets import TargetRules
from tocsin.probes.prober import Prober

LONG_TEXT = "v=DKIM1; p=" + "A" * 400
ZONE = (
    "acme.example. 60 IN SOA ns1.acme.example. Admin.acme.example. 7 3600 600 86400 60",
    "acme.example. 60 IN NS ns1.acme.example.",
    "acme.example. 60 IN NS NS2.Acme.Example.",
    "acme.example. 60 IN A 192.0.2.7",
    "acme.example. 60 IN A 192.0.2.10",
    "acme.example. 60 IN AAAA 2001:db8:0:0::7",
    "acme.example. 60 IN MX 20 mail2.acme.example.",
    "acme.example. 60 IN MX 10 Mail.acme.example.",
    'acme.example. 60 IN CAA 0 issue "letsencrypt.org"',
    'acme.example. 60 IN TXT "v=spf1 -all"',
    f'dkim.acme.example. 60 IN TXT "{LONG_TEXT[:255]}" "{LONG_TEXT[255:]}"',
    "_sip._tcp.acme.example. 60 IN SRV 5 10 5060 sip.acme.example.",
    "www.acme.example. 60 IN CNAME acme.example.",
    *(f'many.acme.example. 60 IN TXT "{number:03} {"x" * 200}"' for number in range(30)),
)


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with unbound(tmp_path_factory.mktemp("unbound"), *ZONE) as place:
        yield place


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    words = (
        "--host-record=shop.example,192.0.2.1,2001:db8::1",
        "--cname=www.shop.example,shop.example",
        "--ptr-record=7.2.0.192.in-addr.arpa,shop.example",
        "--address=/nowhere.example/",
    )
    with dnsmasq(tmp_path_factory.mktemp("dnsmasq"), *words) as place:
        yield place


def check(
    prober: Prober,
    server: Place | str | None,
    name: str,
    record_type: str = "A",
    *expect: Expectation,
    timeout: timedelta = LONG,
    rules: TargetRules = LOOPBACK_ALLOWED,
) -> CheckResult:
    what = DnsCheck(name=name, record_type=record_type, server=server and str(server))
    return probing.check(prober, what, rules, timeout, expect=expect)


def exactly(*answers: str) -> Expectation:
    return expected("answers", equals=list(answers))


def told(result: CheckResult) -> list[tuple[str, str]]:
    return [(failure.expect, re.sub(r"127\.0\.0\.1:\d+", "SERVER", failure.message)) for failure in result.failures]


@pytest.mark.parametrize(
    ("name", "record_type", "answers"),
    [
        ("acme.example", "A", ["192.0.2.10", "192.0.2.7"]),
        ("ACME.example.", "AAAA", ["2001:db8::7"]),
        ("acme.example", "CAA", ['0 issue "letsencrypt.org"']),
        ("www.acme.example", "CNAME", ["acme.example"]),
        ("acme.example", "MX", ["10 mail.acme.example", "20 mail2.acme.example"]),
        ("acme.example", "NS", ["ns1.acme.example", "ns2.acme.example"]),
        ("acme.example", "SOA", ["ns1.acme.example admin.acme.example 7 3600 600 86400 60"]),
        ("_sip._tcp.acme.example", "SRV", ["5 10 5060 sip.acme.example"]),
        ("acme.example", "TXT", ["v=spf1 -all"]),
        ("dkim.acme.example", "txt", [LONG_TEXT]),
    ],
)
def test_every_type_as_unbound_tells_it(
    prober: Prober, acme: Place, name: str, record_type: str, answers: list[str]
) -> None:
    result = check(prober, acme, name, record_type, exactly(*answers))

    assert told(result) == []
    assert result.state is CheckState.UP
    assert result.timings.lookup is not None
    assert result.timings.first_byte is not None
    assert result.timings.connect is None


def test_what_does_not_fit_into_a_datagram_comes_by_tcp(prober: Prober, acme: Place) -> None:
    result = check(
        prober, acme, "many.acme.example", "TXT", expected("answers", length=[{"op": "equals", "value": 30}])
    )

    assert told(result) == []


def test_an_address_becomes_its_reverse_name(prober: Prober, shop: Place) -> None:
    assert told(check(prober, shop, "192.0.2.7", "PTR", exactly("shop.example"))) == []
    assert told(check(prober, shop, "7.2.0.192.in-addr.arpa", "PTR", exactly("shop.example"))) == []


def test_another_name_leads_to_the_answers(prober: Prober, shop: Place) -> None:
    assert told(check(prober, shop, "www.shop.example", "A", exactly("192.0.2.1"))) == []


def test_a_server_by_name(prober: Prober, shop: Place) -> None:
    assert told(check(prober, f"localhost:{shop.port}", "shop.example", "A", exactly("192.0.2.1"))) == []


@pytest.mark.parametrize(
    ("expect", "fails"),
    [
        pytest.param((), ["rcode"], id="nothing said"),
        pytest.param((expected("rcode", equals="NXDOMAIN"),), [], id="an error is expected"),
        pytest.param((expected("rcode", one_of=["NOERROR", "NXDOMAIN"]),), ["answers"], id="or not"),
        pytest.param(
            (expected("answers", length=[{"op": "equals", "value": 0}]),),
            ["rcode"],
            id="no answer is expected, but no error either",
        ),
    ],
)
def test_a_name_that_does_not_exist(
    prober: Prober, shop: Place, expect: tuple[Expectation, ...], fails: list[str]
) -> None:
    result = check(prober, shop, "nowhere.example", "A", *expect)

    assert [failure.expect for failure in result.failures] == fails


def test_a_name_without_a_record_of_the_type(prober: Prober, acme: Place) -> None:
    result = check(prober, acme, "www.acme.example", "MX", expected("rcode", equals="NOERROR"))

    assert [failure.expect for failure in result.failures] == ["answers"]


def test_a_failure_says_which_server_was_asked_for_what(prober: Prober, acme: Place) -> None:
    refused = check(prober, acme, "shop.refused.example")
    none = check(prober, acme, "none.acme.example", "MX")
    wrong = check(prober, acme, "acme.example", "MX", exactly("10 mx.acme.example"))
    not_refused = check(prober, acme, "acme.example", "A", expected("rcode", equals="REFUSED"))

    assert told(refused) == [("rcode", "The name server SERVER answers REFUSED when asked for shop.refused.example A")]
    assert told(none) == [("rcode", "The name server SERVER answers NXDOMAIN when asked for none.acme.example MX")]
    assert told(wrong)[0][1].endswith("(asked SERVER for acme.example MX)")
    assert told(not_refused)[0][1].endswith("(asked SERVER for acme.example A)")


def test_servfail(prober: Prober) -> None:
    with NameServer(lambda query, _: [reply(query, rcode="SERVFAIL")]) as server:
        result = check(prober, server.place, "shop.example")

    assert told(result) == [("rcode", "The name server SERVER answers SERVFAIL when asked for shop.example A")]


def _garbage(_query: Query, _transport: str) -> list[bytes]:
    return [b"", b"\xff" * 12, b"SSH-2.0-OpenSSH_9.2\r\n"]


def _with_a_wrong_number(query: Query, _transport: str) -> list[bytes]:
    message = reply(query, "shop.example. 60 IN A 192.0.2.66")
    return [(query.id ^ 1).to_bytes(2, "big") + message[2:]]


def _to_another_question(query: Query, _transport: str) -> list[bytes]:
    return [reply(query, "shop.example. 60 IN A 192.0.2.66").replace(b"\x04shop", b"\x04evil")]


def _cut_off(query: Query, _transport: str) -> list[bytes]:
    return [reply(query, "shop.example. 60 IN A 192.0.2.66")[:-6]]


SILENCE = "No answer from the name server SERVER about shop.example A within 0.3 s"
NONSENSE = f"{SILENCE}; what came from there was no answer"


@pytest.mark.parametrize(
    ("answering", "message"),
    [
        pytest.param(lambda *_: [], SILENCE, id="silent"),
        pytest.param(_garbage, NONSENSE, id="garbage"),
        pytest.param(_with_a_wrong_number, NONSENSE, id="a wrong number"),
        pytest.param(_to_another_question, NONSENSE, id="another question"),
        pytest.param(_cut_off, NONSENSE, id="cut off"),
    ],
)
def test_what_is_no_answer_is_not_taken_for_one(prober: Prober, answering: Answering, message: str) -> None:
    with NameServer(answering) as server:
        result = check(prober, server.place, "shop.example", timeout=SHORT)

    assert told(result) == [("timeout", message)]


def test_the_right_answer_counts_whatever_came_before(prober: Prober) -> None:
    def answering(query: Query, transport: str) -> list[bytes]:
        right = reply(query, "shop.example. 60 IN A 192.0.2.1")
        return [*_garbage(query, transport), *_with_a_wrong_number(query, transport), right]

    with NameServer(answering) as server:
        assert told(check(prober, server.place, "shop.example", "A", exactly("192.0.2.1"))) == []


@pytest.mark.parametrize(
    ("by_tcp", "told_of_it"),
    [
        pytest.param(
            lambda query: [reply(query, truncated=True)], "cuts its answer short even over TCP", id="truncated for ever"
        ),
        pytest.param(lambda _: [], "closes the connection before it has answered", id="closes"),
        pytest.param(lambda _: [b"SSH-2.0-OpenSSH_9.2\r\n"], "answers what it was not asked", id="garbage"),
    ],
)
def test_a_stream_that_does_not_answer_either(prober: Prober, by_tcp: Any, told_of_it: str) -> None:
    def answering(query: Query, transport: str) -> list[bytes]:
        return by_tcp(query) if transport == "tcp" else [reply(query, truncated=True)]

    with NameServer(answering) as server:
        result = check(prober, server.place, "shop.example")

    assert told(result) == [("response", f"The name server SERVER, asked for shop.example A, {told_of_it}")]


def test_names_that_lead_in_a_circle(prober: Prober) -> None:
    records = ["a.example. 60 IN CNAME b.example.", "b.example. 60 IN CNAME a.example."]

    with NameServer(lambda query, _: [reply(query, *records)]) as server:
        result = check(prober, server.place, "a.example")

    circle = "a.example leads in a circle, says SERVER: a.example → b.example → a.example"
    assert told(result) == [("answers", circle)]


def test_nobody_listens(prober: Prober) -> None:
    with refusing_port() as port:
        result = check(prober, f"127.0.0.1:{port}", "shop.example")

    assert told(result) == [("connect", "The name server SERVER refuses to be asked: nothing listens there")]


@pytest.mark.parametrize(
    ("name", "record_type", "server", "message"),
    [
        ("a..example", "A", "127.0.0.1", "a..example is no name: each part has 1 to 63 characters"),
        ("shop.example", "A", "127.0.0.1:dns", "'127.0.0.1:dns' ends in 'dns', which is no port"),
        ("shop.example", "WKS", "127.0.0.1", "WKS is no type of record that is checked; these are: A, AAAA, CAA"),
    ],
)
def test_what_cannot_be_asked(prober: Prober, name: str, record_type: str, server: str, message: str) -> None:
    ((expect, found),) = told(check(prober, server, name, record_type))

    assert (expect, found[: len(message)]) == ("address", message)


@pytest.mark.parametrize("server", ["10.0.0.1", "127.0.0.1", "[::1]:53", "localhost", "169.254.169.253", "0"])
def test_a_server_in_the_account_is_not_asked(prober: Prober, server: str) -> None:
    result = check(prober, server, "shop.example", rules=TargetRules())

    assert [failure.expect for failure in result.failures] == ["address"]


def test_the_metadata_address_is_not_even_asked_where_private_ones_are(prober: Prober) -> None:
    result = check(prober, "169.254.169.254", "shop.example")

    message = "169.254.169.254 is at 169.254.169.254, a link-local or metadata address, which is never checked"
    assert told(result) == [("address", message)]
