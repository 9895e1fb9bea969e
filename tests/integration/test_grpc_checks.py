"""gRPC checks against a real gRPC server, and against others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.authority import Authority
from tests.support.builders import expected
from tests.support.grpc_server import grpc_server
from tests.support.hostile_server import refusing_port, silent_port
from tests.support.nginx import Server, nginx
from tests.support.probing import PEER, SHORT, check, told
from tocsin.domain.check_kinds import GrpcCheck
from tocsin.domain.checks import CheckState
from tocsin.domain.targets import TargetRules
from tocsin.probes.prober import Prober

STATES = {"": "SERVING", "shop": "SERVING", "search": "NOT_SERVING", "x" * 300: "SERVING"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with grpc_server(STATES) as address:
        yield address


@pytest.mark.parametrize("service", ["", "shop", "x" * 300])
def test_what_serves_is_up(prober: Prober, address: str, service: str) -> None:
    result = check(prober, GrpcCheck(address=address, service=service))

    at = result.timings
    phases = [at.lookup, at.connect, at.first_byte, at.total]
    assert (result.state, result.message) == (CheckState.UP, "")
    assert phases == sorted(phase for phase in phases if phase is not None)


def test_what_does_not_serve_is_down(prober: Prober, address: str) -> None:
    result = check(prober, GrpcCheck(address=address, service="search"))

    ((expect, message),) = told(result)
    assert (result.state, expect) == (CheckState.DOWN, "response")
    assert "NOT_SERVING" in message


def test_what_is_expected_of_the_response_takes_the_place_of_that(prober: Prober, address: str) -> None:
    resting = expected("response", equals="NOT_SERVING")

    assert check(prober, GrpcCheck(address=address, service="search"), expect=(resting,)).state is CheckState.UP
    assert check(prober, GrpcCheck(address=address, service="shop"), expect=(resting,)).state is CheckState.DOWN


def test_a_service_that_it_does_not_know(prober: Prober, address: str) -> None:
    result = check(prober, GrpcCheck(address=address, service="cart"))

    ((expect, message),) = told(result)
    assert expect == "response"
    assert message.startswith("localhost:PORT answered with gRPC status 5, NOT_FOUND")
    assert message.endswith("it knows no service 'cart'")


def test_a_server_without_the_health_service(prober: Prober) -> None:
    with grpc_server({}, offers=False) as address:
        result = check(prober, GrpcCheck(address=address))

    assert told(result)[0][1].endswith("it does not offer the health service, grpc.health.v1.Health")


def test_over_tls_the_certificate_is_a_fact(prober: Prober, authority: Authority) -> None:
    with grpc_server(STATES, certificate=authority.file(ends_in=timedelta(days=9))) as address:
        result = check(
            prober,
            GrpcCheck(address=address, tls=True),
            now=datetime.now(UTC),
            expect=(
                expected("certificate", "valid_for", above=10 * 86400),
                expected("certificate", "protocol", equals="TLSv1.3"),
            ),
        )

    assert [expect for expect, _ in told(result)] == ["certificate"]
    assert result.certificate_expires is not None
    assert result.timings.tls is not None


def test_a_certificate_that_has_expired(prober: Prober, authority: Authority) -> None:
    with grpc_server(STATES, certificate=authority.file(ends_in=timedelta(days=-1))) as address:
        result = check(prober, GrpcCheck(address=address, tls=True))

    assert told(result) == [("certificate", f"The certificate of {PEER} has expired on DATE")]


def test_other_servers(prober: Prober, authority: Authority, tmp_path: Path) -> None:
    file = authority.file()
    servers = {"old": Server(certificate=file), "web": Server("return 404;", certificate=file, listens="http2")}
    with nginx(tmp_path, servers) as urls:
        old, web = (check(prober, GrpcCheck(address=urls[name][8:-1], tls=True)) for name in servers)

    assert told(old) == [
        ("http_version", "localhost:PORT answered in HTTP/1.1: it does not speak HTTP/2, as asked for")
    ]
    assert told(web) == [("response", "localhost:PORT answered with HTTP status 404: a gRPC server says 200")]


def test_nobody_there(prober: Prober) -> None:
    with refusing_port() as refusing, silent_port() as silent:
        refused = check(prober, GrpcCheck(address=f"127.0.0.1:{refusing}"))
        unanswered = check(prober, GrpcCheck(address=f"127.0.0.1:{silent}"), timeout=SHORT)

    assert told(refused) == [("connect", "127.0.0.1:PORT refused the connection")]
    assert [expect for expect, _ in told(unanswered)] == ["timeout"]


def test_a_private_address_is_not_asked(prober: Prober, address: str) -> None:
    result = check(prober, GrpcCheck(address=address), TargetRules())

    assert [expect for expect, _ in told(result)] == ["address"]
