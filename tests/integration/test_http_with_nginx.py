"""HTTP checks against a real web server, Debian's nginx, with good and with bad certificates."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.authority import Authority
from tests.support.builders import NOON, expected
from tests.support.nginx import Server, nginx
from tests.support.probing import PEER, check_http, told
from tocsin.domain.checks import CheckState
from tocsin.probes.prober import Prober

GZIP = "gzip on; gzip_types text/plain; gzip_min_length 1; return 200 welcome;"
UNKNOWN = "which nobody knows; perhaps an intermediate certificate is missing"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority(folder)


@pytest.fixture(scope="module")
def servers(folder: Path, authority: Authority) -> Iterator[dict[str, str]]:
    good = authority.file()
    below = authority.intermediate()
    expired = authority.self_signed_file("Old root", ends_in=timedelta(days=-1))
    too_much = folder / "too-much.pem"
    too_much.write_bytes(below.file(ends_in=timedelta(days=30)).read_bytes() + expired.read_bytes())
    clients = f"ssl_verify_client on; ssl_client_certificate {authority.path};"
    with nginx(
        folder,
        {
            "plain": Server(),
            "good": Server(certificate=authority.file(ends_in=timedelta(days=30))),
            "expired": Server(certificate=authority.file(ends_in=timedelta(days=-1))),
            "wrong host": Server(certificate=authority.file("shop.example")),
            "self-signed": Server(certificate=authority.self_signed_file()),
            "complete": Server(certificate=below.file()),
            "incomplete": Server(certificate=below.file(complete=False)),
            "too much": Server(certificate=too_much),
            "http2": Server(certificate=good, listens="http2"),
            "http2 without TLS": Server(listens="http2"),
            "clients": Server(certificate=good, around=clients),
            "older": Server(certificate=good, around="ssl_protocols TLSv1.2;"),
            "gzip": Server(GZIP, certificate=good),
            "moved": Server("return 301 /elsewhere;"),
        },
    ) as urls:
        yield urls


@pytest.fixture(scope="module")
def secrets(authority: Authority) -> dict[str, str]:
    client = authority.file("a client").read_text()
    stranger = authority.self_signed_file("a stranger").read_text()
    return {"client": client, "stranger": stranger, "nonsense": "nonsense"}


@pytest.fixture(scope="module")
def prober(authority: Authority, secrets: dict[str, str]) -> Prober:
    return Prober(certificate_authorities=authority.path, secrets=secrets.__getitem__)


@pytest.mark.parametrize("name", ["plain", "good", "complete", "too much", "http2", "gzip"])
def test_what_is_well_set_up_is_up(prober: Prober, servers: dict[str, str], name: str) -> None:
    result = check_http(prober, servers[name], expect=(expected("body", equals="welcome"),))

    assert (result.state, result.message) == (CheckState.UP, "")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("expired", "has expired on DATE", id="expired"),
        pytest.param("wrong host", "is for shop.example, not for localhost", id="wrong host"),
        pytest.param("self-signed", "is self-signed: no known authority vouches for it", id="self-signed"),
        pytest.param("incomplete", f"is signed by CN = Test intermediate, {UNKNOWN}", id="incomplete chain"),
    ],
)
def test_each_bad_certificate_is_told(prober: Prober, servers: dict[str, str], name: str, message: str) -> None:
    result = check_http(prober, servers[name])

    assert told(result) == [("certificate", f"The certificate of {PEER} {message}")]


def test_the_end_that_counts_is_that_of_the_chain_which_is_needed(prober: Prober, servers: dict[str, str]) -> None:
    """The server also sends a root that has expired, as half the web did in 2021."""
    needed = expected("certificate", "valid_for", above=29 * 86400)
    everything = expected("certificate", "all_valid_for", above=0)

    result = check_http(prober, servers["too much"], now=datetime.now(UTC), expect=(needed,))
    strict = check_http(prober, servers["too much"], now=datetime.now(UTC), expect=(everything,))

    assert (result.state, strict.state) == (CheckState.UP, CheckState.DOWN)
    assert result.certificate_expires
    assert timedelta(days=29) < result.certificate_expires - datetime.now(UTC) < timedelta(days=30)


@pytest.mark.parametrize(
    ("path", "matchers"),
    [
        pytest.param("issuer", {"equals": "CN = Test authority"}, id="issuer"),
        pytest.param("names", {"contains": "localhost"}, id="names"),
    ],
)
def test_the_certificate_is_a_fact(
    prober: Prober, servers: dict[str, str], path: str, matchers: dict[str, object]
) -> None:
    result = check_http(prober, servers["good"], expect=(expected("certificate", path, **matchers),))

    assert told(result) == []


@pytest.mark.parametrize(("name", "protocol"), [("good", "TLSv1.3"), ("older", "TLSv1.2")])
def test_the_version_of_tls_is_a_fact_where_somebody_looks_at_it(
    prober: Prober, servers: dict[str, str], name: str, protocol: str
) -> None:
    result = check_http(prober, servers[name], expect=(expected("certificate", "protocol", equals=protocol),))

    assert told(result) == []


# Versions of HTTP ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "version", "spoken"),
    [
        pytest.param("http2", None, "2", id="the server prefers 2"),
        pytest.param("http2", "1.1", "1.1", id="1.1 is asked for"),
        pytest.param("http2", "2", "2", id="2 is asked for"),
        pytest.param("http2 without TLS", "2", "2", id="2 without TLS"),
        pytest.param("good", None, "1.1", id="the server knows 1.1 only"),
    ],
)
def test_the_version_is_a_fact(
    prober: Prober, servers: dict[str, str], name: str, version: str | None, spoken: str
) -> None:
    result = check_http(prober, servers[name], version=version, expect=(expected("http_version", equals=spoken),))

    assert told(result) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "good",
            "localhost:PORT answered in HTTP/1.1: it does not speak HTTP/2, as asked for",
            id="over TLS",
        ),
        pytest.param(
            "plain",
            f"{PEER} does not speak HTTP/2, as asked for: Remote peer returned unexpected data",
            id="without TLS",
        ),
    ],
)
def test_a_server_that_does_not_speak_http2(prober: Prober, servers: dict[str, str], name: str, message: str) -> None:
    ((expect, found),) = told(check_http(prober, servers[name], version="2"))

    assert expect == "http_version"
    assert found.startswith(message)


# Client certificates ------------------------------------------------------------------------------


def identity(name: str) -> dict[str, dict[str, str]]:
    return {"certificate": {"secret": name}, "key": {"secret": name}}


def test_a_client_is_let_in_with_its_certificate(prober: Prober, servers: dict[str, str]) -> None:
    result = check_http(prober, servers["clients"], client_certificate=identity("client"))

    assert (result.state, result.message) == (CheckState.UP, "")


@pytest.mark.parametrize(
    ("client", "reason"),
    [
        pytest.param(None, "400 No required SSL certificate was sent", id="none"),
        pytest.param("stranger", "400 The SSL certificate error", id="of somebody else"),
    ],
)
def test_a_client_is_turned_away(prober: Prober, servers: dict[str, str], client: str | None, reason: str) -> None:
    result = check_http(prober, servers["clients"], client_certificate=identity(client) if client else None)

    ((expect, message),) = told(result)
    assert expect == "status"
    assert message.startswith(f'Status 400 instead of 200-299, with the body "{reason}')


def test_a_certificate_that_cannot_be_used_is_our_own_fault(prober: Prober, servers: dict[str, str]) -> None:
    result = check_http(prober, servers["clients"], client_certificate=identity("nonsense"))

    assert result.state is CheckState.INCONCLUSIVE
    assert "the client certificate or its key cannot be used; both have to be PEM" in result.message


# Answers ------------------------------------------------------------------------------------------


def test_a_compressed_answer_is_read(prober: Prober, servers: dict[str, str]) -> None:
    compressed = expected("headers", "content-encoding", equals="gzip")

    result = check_http(prober, servers["gzip"], expect=(compressed, expected("body", equals="welcome")))

    assert told(result) == []


def test_a_redirect_is_refused_where_none_is_to_be_followed(prober: Prober, servers: dict[str, str]) -> None:
    result = check_http(prober, servers["moved"], follow_redirects=0)

    assert told(result)[0][1].startswith('Status 301 instead of 200-299, with the body "301 Moved Permanently')


def test_redirects_are_counted(prober: Prober, servers: dict[str, str]) -> None:
    result = check_http(prober, servers["moved"], follow_redirects=1)

    message = "Redirected more than once; the last one leads to http://localhost:PORT/elsewhere"
    assert (told(result), result.status) == ([("redirects", message)], 301)


def test_the_phases_come_one_after_the_other_from_the_beginning_of_the_check(
    prober: Prober, servers: dict[str, str]
) -> None:
    for result in (check_http(prober, servers[name]) for name in ("good", "expired", "clients")):
        at = result.timings
        phases = [at.lookup, at.connect, at.tls, at.first_byte, at.total]
        reached = [phase for phase in phases if phase is not None]
        assert reached == sorted(reached)
        assert at.total is not None
        assert result.checked_at >= NOON
