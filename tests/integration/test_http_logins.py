"""How a check logs in: passwords and tokens, which are reused, and which never reach anybody else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import NOON, a_monitor, after, expected
from tests.support.hostile_server import HostileServer, refusing_port
from tests.support.probing import LONG, LOOPBACK_ALLOWED, SHORT, check_http, told
from tests.support.token_server import SECRET, TokenServer, token_server
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import CheckState
from tocsin.domain.targets import TargetRules
from tocsin.errors import NotFoundError
from tocsin.probes.prober import Prober

PASSWORD = "hunter22+secret"
SECRETS = {"password": PASSWORD, "token": "bearer-secret", "client": SECRET, "broken": "two\nlines"}
BASIC = {"kind": "basic", "username": "alice", "password": {"secret": "password"}}
BEARER = {"kind": "bearer", "token": {"secret": "token"}}


def secret(name: str) -> str:
    if name not in SECRETS:
        raise NotFoundError(f"the secret {name} does not exist")
    return SECRETS[name]


@pytest.fixture
def prober() -> Prober:
    return Prober(secrets=secret)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with token_server() as server:
        yield server


@pytest.mark.parametrize(
    ("fields", "authorization"),
    [
        pytest.param({"auth": BASIC}, "Basic YWxpY2U6aHVudGVyMjIrc2VjcmV0", id="basic"),
        pytest.param({"auth": BEARER}, "Bearer bearer-secret", id="bearer"),
        pytest.param({"headers": {"Authorization": {"secret": "token"}}}, "bearer-secret", id="a header"),
    ],
)
def test_a_secret_is_sent_and_never_told(
    prober: Prober, server: HostileServer, fields: dict[str, Any], authorization: str
) -> None:
    impossible = (expected("body", excludes="authorization"),)

    result = check_http(prober, server.url("/echo"), expect=impossible, **fields)

    assert server.requests[-1].headers["authorization"] == authorization
    assert "secret" not in result.message
    assert authorization not in result.message
    assert "•••" in result.message


@pytest.mark.parametrize("auth", [BASIC, BEARER])
def test_no_login_follows_a_redirect_to_another_host(
    prober: Prober, server: HostileServer, auth: dict[str, Any]
) -> None:
    with HostileServer() as other:
        check_http(prober, server.url(f"/to?{other.url('/echo')}"), auth=auth)

        assert "authorization" in server.requests[-1].headers
        assert "authorization" not in other.requests[-1].headers


def test_a_login_follows_a_redirect_on_the_same_host(prober: Prober, server: HostileServer) -> None:
    check_http(prober, server.url("/to?/echo"), auth=BEARER)

    assert [each.headers["authorization"] for each in server.requests] == ["Bearer bearer-secret"] * 2


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        pytest.param({"X-Key": {"secret": "absent"}}, "the secret absent does not exist", id="missing"),
        pytest.param(
            {"X-Key": {"secret": "broken"}},
            "the header 'X-Key' must not hold a line break; look at the secret that it comes from",
            id="two lines",
        ),
    ],
)
def test_a_secret_that_cannot_be_used_is_our_own_fault(
    prober: Prober, server: HostileServer, headers: dict[str, Any], message: str
) -> None:
    result = check_http(prober, server.url(), headers=headers)

    assert result.state is CheckState.INCONCLUSIVE
    assert told(result) == [("checker", f"The checker itself failed: {message}")]
    assert server.connections == 0


# OAuth2 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("takes", ["header", "body"])
def test_a_token_is_fetched_once_for_all(prober: Prober, tokens: TokenServer, takes: str) -> None:
    tokens.takes = takes
    check = HttpCheck.model_validate({"url": f"{tokens.url}/api", "auth": tokens.auth})
    monitors = [a_monitor(f"m{number}", check=check, timeout=LONG) for number in range(5)]

    for minute in range(2):
        results = prober.check_all(monitors, now=after(minutes=minute), rules=LOOPBACK_ALLOWED)
        assert [(result.state, result.message) for result in results] == [(CheckState.UP, "")] * 5

    assert len(tokens.asked) == (1 if takes == "header" else 2)


def test_scope_and_audience_are_asked_for(prober: Prober, tokens: TokenServer) -> None:
    check_http(prober, f"{tokens.url}/api", auth=tokens.auth | {"scope": "read write", "audience": "shop"})

    assert tokens.asked == [{"grant_type": "client_credentials", "scope": "read write", "audience": "shop"}]


@pytest.mark.parametrize(
    ("expires_in", "later", "fetched"),
    [
        pytest.param(3600, timedelta(minutes=58), 1, id="still good"),
        pytest.param(3600, timedelta(minutes=59, seconds=30), 2, id="shortly before its end"),
        pytest.param("3600", timedelta(minutes=58), 1, id="a number as text"),
        pytest.param(None, timedelta(minutes=3), 1, id="its end is not told"),
        pytest.param(None, timedelta(minutes=5), 2, id="its end is not told, later"),
        pytest.param(0, timedelta(minutes=1), 2, id="gone at once"),
    ],
)
def test_a_token_is_used_until_shortly_before_its_end(
    prober: Prober, tokens: TokenServer, expires_in: object, later: timedelta, fetched: int
) -> None:
    tokens.expires_in = expires_in

    for now in (NOON, NOON + later):
        assert check_http(prober, f"{tokens.url}/api", auth=tokens.auth, now=now).state is CheckState.UP

    assert len(tokens.asked) == fetched


def test_a_token_that_is_refused_is_fetched_anew_once(prober: Prober, tokens: TokenServer) -> None:
    check_http(prober, f"{tokens.url}/api", auth=tokens.auth)
    tokens.valid.clear()

    result = check_http(prober, f"{tokens.url}/api", auth=tokens.auth)

    assert (result.state, len(tokens.asked)) == (CheckState.UP, 2)


def test_a_new_token_that_is_refused_too_is_the_answer(prober: Prober, tokens: TokenServer) -> None:
    tokens.answer = 200, '{"access_token": "not-the-right-one"}'

    result = check_http(prober, f"{tokens.url}/api", auth=tokens.auth)

    assert told(result) == [("status", 'Status 401 instead of 200-299, with the body "a token is needed"')]
    assert len(tokens.asked) == 2


@pytest.mark.parametrize(
    ("answer", "state", "expect", "message"),
    [
        pytest.param(
            (503, "down for repair"),
            CheckState.DOWN,
            "auth",
            'localhost:PORT gave no token to log in with: status 503, "down for repair"',
            id="broken",
        ),
        pytest.param(
            (200, "{}"),
            CheckState.DOWN,
            "auth",
            'localhost:PORT gave no token to log in with: status 200, "{}"',
            id="no token in it",
        ),
        pytest.param(
            (401, '{"error": "invalid_client", "error_description": "unknown client"}'),
            CheckState.INCONCLUSIVE,
            "checker",
            "The checker itself failed: localhost:PORT gave no token to log in with: status 401, "
            "invalid_client: unknown client; look at the client tocsin client and its secret",
            id="our client is refused",
        ),
    ],
)
def test_why_there_is_no_token(
    prober: Prober, tokens: TokenServer, answer: tuple[int, str], state: CheckState, expect: str, message: str
) -> None:
    tokens.answer = answer

    result = check_http(prober, f"{tokens.url}/api", auth=tokens.auth)

    assert (result.state, told(result)) == (state, [(expect, message)])


def test_an_endpoint_that_cannot_be_reached_is_the_targets_failure(prober: Prober, tokens: TokenServer) -> None:
    with refusing_port() as port:
        auth = tokens.auth | {"token_url": f"http://127.0.0.1:{port}/"}
        result = check_http(prober, f"{tokens.url}/api", auth=auth)

    assert told(result) == [("connect", "No token to log in with: 127.0.0.1:PORT refused the connection")]


def test_an_endpoint_that_does_not_answer_in_time(prober: Prober, tokens: TokenServer) -> None:
    tokens.delay = 2

    result = check_http(prober, f"{tokens.url}/api", timeout=SHORT, auth=tokens.auth)
    tokens.delay = 0
    later = check_http(prober, f"{tokens.url}/api", auth=tokens.auth)

    assert told(result) == [("timeout", "No token to log in with came within 0.3 s")]
    assert later.state is CheckState.UP


def test_an_endpoint_is_only_asked_where_checks_may_go(prober: Prober, tokens: TokenServer) -> None:
    result = check_http(prober, "http://192.0.2.1/", TargetRules(), auth=tokens.auth)

    ((expect, message),) = told(result)
    assert (expect, message.endswith("checked only where allow_private_targets is set")) == ("address", True)
    assert tokens.asked == []


@pytest.mark.parametrize("url", ["ftp://x/", "http://x:port/"])
def test_an_endpoint_that_is_no_address_is_our_own_fault(prober: Prober, tokens: TokenServer, url: str) -> None:
    result = check_http(prober, f"{tokens.url}/api", auth=tokens.auth | {"token_url": url})

    assert result.state is CheckState.INCONCLUSIVE
    assert "the address to fetch a token from cannot be used" in result.message


def test_neither_token_nor_client_secret_is_told(prober: Prober, server: HostileServer, tokens: TokenServer) -> None:
    result = check_http(
        prober, server.url("/echo"), auth=tokens.auth, expect=(expected("body", excludes="authorization"),)
    )

    assert server.requests[-1].headers["authorization"] == "Bearer token-number-1"
    assert "token-number" not in result.message


def test_a_login_that_an_endpoint_repeats_is_not_told(
    prober: Prober, server: HostileServer, tokens: TokenServer
) -> None:
    result = check_http(prober, server.url("/"), auth=tokens.auth | {"token_url": server.url("/echo-login")})

    sent = server.requests[-1].headers["authorization"].removeprefix("Basic ")
    assert "gave no token to log in with: status 200" in result.message
    assert sent[:8] not in result.message


def test_the_time_that_a_token_takes_is_not_the_targets(prober: Prober, tokens: TokenServer) -> None:
    tokens.delay = 1.5

    result = check_http(prober, f"{tokens.url}/api", auth=tokens.auth)

    assert result.timings.total is not None
    assert result.timings.total < 1500
