"""HTTP checks against peers on loopback that answer in every bad way there is: each has a message of its own."""

import resource
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.authority import Authority
from tests.support.builders import NOON, a_monitor, expected
from tests.support.hostile_server import HostileServer, refusing_port, silent_port, unreachable_port
from tests.support.probing import LONG, LOOPBACK_ALLOWED, PEER, SHORT, told
from tests.support.probing import check_http as check
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import CheckState
from tocsin.domain.expectations import Expectation, status_codes
from tocsin.domain.targets import TargetRules
from tocsin.probes.prober import Prober

CONNECTED = "it took the connection after N ms, then nothing came"
BEGUN = "it began after N ms, and 22 bytes of the body came"
UNKNOWN = "which nobody knows; perhaps an intermediate certificate is missing"
PHASES = "lookup N ms, connection N ms, first byte N ms, body N ms"


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


def test_what_is_up_is_up(prober: Prober, server: HostileServer) -> None:
    result = check(prober, server.url(), expect=(expected("body", contains="Welcome"),))

    phases = [result.timings.lookup, result.timings.connect, result.timings.first_byte, result.timings.total]
    assert (result.state, result.failures, result.status) == (CheckState.UP, (), 200)
    assert phases == sorted(phase for phase in phases if phase is not None)
    assert result.checked_at >= NOON
    assert (result.timings.tls, result.certificate_expires) == (None, None)


@pytest.mark.parametrize(
    ("path", "expect", "message"),
    [
        pytest.param(
            "/unavailable", "status", 'Status 503 instead of 200-299, with the body "the database is down"', id="status"
        ),
        pytest.param("/silent", "timeout", f"No response from {PEER} within 0.3 s: {CONNECTED}", id="no answer"),
        pytest.param("/stalling", "timeout", f"No end of the response from {PEER} within 0.3 s: {BEGUN}", id="no end"),
        pytest.param(
            "/endless", "size", f"The body of {PEER} is larger than 1024 KiB; no more is read", id="endless body"
        ),
        pytest.param(
            "/announced", "size", f"The body of {PEER} is larger than 1024 KiB; no more is read", id="huge body"
        ),
        pytest.param(
            "/endless-headers",
            "size",
            f"The headers of {PEER} are larger than 128 KiB; no more of them is read",
            id="endless headers",
        ),
        pytest.param(
            "/loop",
            "redirects",
            "Redirected more than 10 times; the last one leads to http://localhost:PORT/loop",
            id="endless redirects",
        ),
        pytest.param("/resets", "response", f"{PEER} reset the connection before any response", id="reset"),
        pytest.param("/closes", "response", f"{PEER} closed the connection without any response", id="closed"),
        pytest.param(
            "/breaks-off", "response", f"The response of {PEER} broke off after 22 of 1000 bytes", id="broken off"
        ),
        pytest.param(
            "/garbage",
            "response",
            f"{PEER} does not answer in proper HTTP: Received HTTP/0.9 when not allowed",
            id="not HTTP",
        ),
    ],
)
def test_each_bad_answer_has_its_own_message(
    prober: Prober, server: HostileServer, path: str, expect: str, message: str
) -> None:
    result = check(prober, server.url(path), timeout=SHORT if expect == "timeout" else LONG)

    assert (result.state, told(result)) == (CheckState.DOWN, [(expect, message)])


@pytest.mark.parametrize(
    ("expect", "message"),
    [
        pytest.param(
            (expected("body", contains="Checkout"),),
            ("body", 'The body does not contain "Checkout"; it begins "Welcome to the shop"'),
            id="body",
        ),
        pytest.param(
            (expected("latency", below=0),),
            ("latency", f"The answer took N ms, expected less than N ms ({PHASES})"),
            id="latency",
        ),
    ],
)
def test_each_expectation_has_its_own_message(
    prober: Prober, server: HostileServer, expect: tuple[Expectation, ...], message: tuple[str, str]
) -> None:
    assert told(check(prober, server.url(), expect=expect)) == [message]


def test_a_port_that_nobody_listens_at(prober: Prober) -> None:
    with refusing_port() as port:
        result = check(prober, f"http://127.0.0.1:{port}/")

    assert told(result) == [("connect", "127.0.0.1:PORT refused the connection")]


def test_a_port_that_does_not_answer(prober: Prober) -> None:
    with unreachable_port() as port:
        result = check(prober, f"http://127.0.0.1:{port}/", timeout=SHORT)

    assert told(result) == [("timeout", "No connection to 127.0.0.1:PORT within 0.3 s")]


def test_a_name_that_does_not_resolve(prober: Prober) -> None:
    """No name may be this long, so no server needs to be asked."""
    name = ".".join(["x" * 60] * 5)

    result = check(prober, f"http://{name}/")

    assert told(result) == [("lookup", f"{name} is no name that could have an address")]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        pytest.param("ftp://x/", "The URL cannot be used: an http or https address with a host is needed", id="ftp"),
        pytest.param(
            "http://x:port/", "The URL cannot be used: Port could not be cast to integer value as 'port'", id="port"
        ),
        pytest.param(f"http://{'x' * 64}.y/", f"{'x' * 64}.y is no name that could have an address", id="label"),
    ],
)
def test_an_address_that_is_none(prober: Prober, url: str, message: str) -> None:
    assert told(check(prober, url))[0][1] == message


def test_a_body_is_read_in_its_own_encoding(prober: Prober, server: HostileServer) -> None:
    rule = expected("body", contains="café")

    assert check(prober, server.url("/latin"), expect=(rule,)).state is CheckState.UP


def test_the_request_is_sent_as_it_was_written(prober: Prober, server: HostileServer) -> None:
    check(
        prober,
        server.url("/echo?a=1", host="user:pass@localhost"),
        method="PUT",
        body='{"a": 1}',
        headers={"Content-Type": "application/json", "X-Empty": ""},
    )

    request = server.requests[-1]
    assert (request.method, request.path, request.body) == ("PUT", "/echo?a=1", '{"a": 1}')
    assert request.headers["authorization"] == "Basic dXNlcjpwYXNz"
    assert (request.headers["content-type"], request.headers["x-empty"]) == ("application/json", "")
    assert request.headers["user-agent"].startswith("Tocsin")


def test_what_is_not_ascii_is_sent_as_browsers_do(prober: Prober, server: HostileServer) -> None:
    url = server.url("/echo/čaj a víno?q=ě%20", host="ž:ř@localhost")

    result = check(prober, url, headers={"X-Name": "Jiří"})

    request = server.requests[-1]
    assert (result.state, request.path) == (CheckState.UP, "/echo/%C4%8Daj%20a%20v%C3%ADno?q=%C4%9B%20")
    assert request.headers["x-name"] == "Jiří"
    assert request.headers["authorization"] == "Basic xb46xZk="


def test_only_the_head_is_asked_for(prober: Prober, server: HostileServer) -> None:
    result = check(prober, server.url("/announced"), method="HEAD")

    assert (result.state, server.requests[-1].method) == (CheckState.UP, "HEAD")


def test_each_check_has_a_connection_of_its_own(prober: Prober, server: HostileServer) -> None:
    before = server.connections

    for _ in range(3):
        check(prober, server.url())

    assert server.connections == before + 3


# Redirects ----------------------------------------------------------------------------------------


def test_a_redirect_is_followed(prober: Prober, server: HostileServer) -> None:
    assert check(prober, server.url(f"/to?{server.url()}")).state is CheckState.UP


def test_a_redirect_is_judged_itself_where_none_is_to_be_followed(prober: Prober, server: HostileServer) -> None:
    found = (status_codes((302, 302)),)

    result = check(prober, server.url(f"/to?{server.url()}"), follow_redirects=0, expect=found)

    assert (result.state, result.status) == (CheckState.UP, 302)


def test_secrets_do_not_follow_a_redirect_to_another_host(prober: Prober, server: HostileServer) -> None:
    headers = {
        "Authorization": "Bearer secret",
        "Cookie": "session=secret",
        "X-Api-Key": "secret",
        "Accept": "text/plain",
    }

    with HostileServer() as other:
        result = check(prober, server.url(f"/to?{other.url('/echo')}"), headers=headers)
        arrived = other.requests[-1].headers

    assert result.state is CheckState.UP
    assert server.requests[-1].headers["x-api-key"] == "secret"
    assert "secret" not in str(arrived)
    assert arrived["accept"] == "text/plain"


def test_the_time_limit_is_one_for_all_redirects(prober: Prober, server: HostileServer) -> None:
    result = check(prober, server.url("/to?/silent"), timeout=SHORT)

    assert told(result) == [("timeout", f"No response from {PEER} within 0.3 s: {CONNECTED}")]


# Secrets ------------------------------------------------------------------------------------------


def test_secrets_are_not_repeated_in_a_message(prober: Prober, server: HostileServer) -> None:
    rule = (status_codes((500, 500)),)
    url = server.url("/echo?token=query-secret", host="user:password-secret@localhost")

    result = check(prober, url, headers={"X-Api-Key": "header-secret"}, expect=rule)

    assert "•••" in result.message
    assert "header-secret" not in result.message
    assert "password-secret" not in result.message
    assert "dXNlcjpwYXNzd29yZC1zZWNyZXQ=" not in result.message


# Addresses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "[::1]"])
def test_a_private_address_is_not_even_connected_to(prober: Prober, server: HostileServer, host: str) -> None:
    before = server.connections

    result = check(prober, server.url(host=host), TargetRules())

    assert [failure.expect for failure in result.failures] == ["address"]
    assert result.message.endswith("a private address; these are checked only where allow_private_targets is set")
    assert server.connections == before


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1"])
def test_an_address_in_disguise_is_a_name_like_any_other(prober: Prober, server: HostileServer, host: str) -> None:
    before = server.connections

    result = check(prober, server.url(host=host), TargetRules(), timeout=timedelta(seconds=3))

    assert (result.state, server.connections) == (CheckState.DOWN, before)


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://[::ffff:a9fe:a9fe]/"]
)
def test_a_metadata_address_is_refused_everywhere_and_after_a_redirect(
    prober: Prober, server: HostileServer, url: str
) -> None:
    for result in (check(prober, url), check(prober, server.url(f"/to?{url}"))):
        assert [failure.expect for failure in result.failures] == ["address"]
        assert result.message.endswith("a link-local or metadata address, which is never checked")


def test_the_runtime_api_is_refused_even_where_loopback_is_not(prober: Prober) -> None:
    with HostileServer() as runtime:
        rules = TargetRules.protecting(f"127.0.0.1:{runtime.port}", allow_private=True)
        result = check(prober, runtime.url(), rules)

    assert [failure.expect for failure in result.failures] == ["address"]
    assert result.message.endswith("where Lambda's runtime listens, which is never checked")
    assert runtime.connections == 0


# TLS ----------------------------------------------------------------------------------------------


def test_a_good_certificate_is_up_and_tells_its_end(prober: Prober, authority: Authority) -> None:
    with HostileServer(authority.server(ends_in=timedelta(days=30))) as server:
        result = check(prober, server.url())

    assert (result.state, result.message) == (CheckState.UP, "")
    assert result.certificate_expires is not None
    assert timedelta(days=29) < result.certificate_expires - datetime.now(UTC) <= timedelta(days=30)
    assert result.timings.tls is not None


def test_each_bad_certificate_has_its_own_message(prober: Prober, authority: Authority, tmp_path: Path) -> None:
    certificates = {
        "has expired on DATE": authority.server(ends_in=timedelta(days=-1)),
        "is not valid before DATE": authority.server(begins_in=timedelta(days=1)),
        "is for shop.example, not for localhost": authority.server("shop.example"),
        "is self-signed: no known authority vouches for it": authority.self_signed(),
        f"is signed by CN = Unknown, {UNKNOWN}": Authority(tmp_path, "Unknown").server(),
    }

    for message, certificate in certificates.items():
        with HostileServer(certificate) as server:
            result = check(prober, server.url())

        assert told(result) == [("certificate", f"The certificate of {PEER} {message}")]


def test_a_peer_that_does_not_speak_tls(prober: Prober, server: HostileServer) -> None:
    expect, message = told(check(prober, server.url().replace("http:", "https:")))[0]

    assert expect == "tls"
    assert message.startswith(f"The TLS handshake with {PEER} failed: ")


def test_a_peer_that_stalls_in_the_handshake(prober: Prober) -> None:
    with silent_port() as port:
        result = check(prober, f"https://localhost:{port}/", timeout=SHORT)

    assert told(result) == [("timeout", f"No TLS handshake with {PEER} within 0.3 s: {CONNECTED}")]


# Our own faults -----------------------------------------------------------------------------------


def test_a_check_that_cannot_be_made_does_not_end_the_others(prober: Prober, server: HostileServer) -> None:
    impossible = a_monitor("impossible", check=HttpCheck(url=server.url(), method="G\0T"))
    fine = a_monitor("fine", check=HttpCheck(url=server.url()))

    results = prober.check_all([impossible, fine], now=NOON, rules=LOOPBACK_ALLOWED)

    assert {each.monitor_id: each.state for each in results} == {
        "impossible": CheckState.INCONCLUSIVE,
        "fine": CheckState.UP,
    }


def test_a_pattern_that_takes_for_ever_is_not_the_targets_fault(prober: Prober, server: HostileServer) -> None:
    catastrophe = expected("body", matches="(a+)+b")

    result = check(prober, server.url("/echo"), method="POST", body="a" * 50, expect=(catastrophe,))

    assert result.state is CheckState.INCONCLUSIVE
    assert [failure.expect for failure in result.failures] == ["checker"]
    assert "simpler pattern" in result.message


def test_running_out_of_files_is_not_the_targets_fault(prober: Prober, server: HostileServer) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    check(prober, server.url())
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        result = check(prober, server.url(host="127.0.0.1"))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    assert result.state is CheckState.INCONCLUSIVE
    assert told(result)[0][1].startswith("The checker itself failed: too many open files")


# What is taken in ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expect", "message"),
    [
        pytest.param("/bomb", "size", f"The body of {PEER} is larger than 1024 KiB; no more is read", id="bomb"),
        pytest.param(
            "/many-headers",
            "size",
            f"The headers of {PEER} are too many: Too many response headers, 5000 is max",
            id="many headers",
        ),
    ],
)
def test_only_so_much_is_taken_in(prober: Prober, server: HostileServer, path: str, expect: str, message: str) -> None:
    assert told(check(prober, server.url(path))) == [(expect, message)]


def test_the_limit_of_a_body_is_the_monitors(prober: Prober, server: HostileServer) -> None:
    small, exact = (check(prober, server.url("/brotli"), body_limit=limit) for limit in (4, 5))

    assert told(small) == [("size", f"The body of {PEER} is larger than 4 bytes; no more is read")]
    assert exact.state is CheckState.UP


def test_what_is_compressed_by_brotli_is_read(prober: Prober, server: HostileServer) -> None:
    assert told(check(prober, server.url("/brotli"), expect=(expected("body", equals="hello"),))) == []


def test_an_encoding_that_is_none_is_no_failure(prober: Prober, server: HostileServer) -> None:
    asked, posted = (check(prober, server.url("/strange-encoding"), method=method) for method in ("GET", "POST"))

    assert (asked.state, asked.message) == (CheckState.UP, "")
    assert posted.state is CheckState.DOWN
    assert "content encoding" in posted.message.lower()
    assert [request.method for request in server.requests[-3:]] == ["GET", "GET", "POST"]


def test_what_is_not_compressed_as_it_says(prober: Prober, server: HostileServer) -> None:
    ((expect, message),) = told(check(prober, server.url("/not-gzip")))

    assert expect == "response"
    assert message.startswith(f"{PEER} does not answer in proper HTTP: ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("x-shop", "one, two", id="repeated"),
        pytest.param("x-long", "a b", id="on two lines"),
        pytest.param("x-empty", "", id="empty"),
    ],
)
def test_headers_are_facts_by_their_lower_case_names(
    prober: Prober, server: HostileServer, name: str, value: str
) -> None:
    assert told(check(prober, server.url("/headers"), expect=(expected("headers", name, equals=value),))) == []


@pytest.mark.parametrize("name", ["x-early", "x-sum"])
def test_neither_interim_answers_nor_trailers_are_headers(prober: Prober, server: HostileServer, name: str) -> None:
    assert told(check(prober, server.url("/headers"), expect=(expected("headers", name, exists=False),))) == []
