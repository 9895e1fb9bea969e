"""HTTP checks that ask a name server of their own for the address."""

from collections.abc import Iterator

import dns.message
import dns.rrset
import pytest

from tests.support.hostile_server import HostileServer
from tests.support.name_server import NameServer, Query
from tests.support.probing import check_http, told
from tocsin.domain.checks import CheckState
from tocsin.domain.targets import TargetRules
from tocsin.probes.prober import Prober

SHOP = "shop.example"


def only_the_shop(query: Query, _transport: str) -> list[bytes]:
    reply = dns.message.make_response(query)
    question = query.question[0]
    if question.name.to_text() == f"{SHOP}." and question.rdtype == dns.rdatatype.A:
        reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", "A", "127.0.0.1"))
    elif question.name.to_text() != f"{SHOP}.":
        reply.set_rcode(dns.rcode.NXDOMAIN)
    return [reply.to_wire()]


@pytest.fixture
def names() -> Iterator[NameServer]:
    with NameServer(only_the_shop) as server:
        yield server


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


@pytest.fixture(scope="module")
def prober() -> Prober:
    return Prober()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_resolver_of_the_check_is_asked(
    prober: Prober, names: NameServer, server: HostileServer, host: str
) -> None:
    result = check_http(prober, server.url(host=SHOP), resolver=f"{host}:{names.place.port}")

    assert (result.state, result.message) == (CheckState.UP, "")
    assert server.requests[-1].headers["host"] == f"{SHOP}:{server.port}"


def test_it_is_asked_for_what_a_redirect_leads_to(prober: Prober, names: NameServer, server: HostileServer) -> None:
    url = server.url(f"/to?http://other.example:{server.port}/", host=SHOP)

    result = check_http(prober, url, resolver=str(names.place))

    assert told(result)[0][0] == "lookup"
    assert "other.example" in result.message


def test_a_resolver_is_judged_like_every_target(prober: Prober, names: NameServer) -> None:
    result = check_http(prober, f"http://{SHOP}/", TargetRules(), resolver=str(names.place))

    message = (
        "The resolver 127.0.0.1 is at 127.0.0.1, "
        "a private address; these are checked only where allow_private_targets is set"
    )
    assert (told(result), names.asked) == ([("address", message)], [])


def test_a_resolver_that_is_none(prober: Prober) -> None:
    result = check_http(prober, f"http://{SHOP}/", resolver="127.0.0.1:what")

    assert told(result)[0][1].startswith("The resolver cannot be asked: ")
