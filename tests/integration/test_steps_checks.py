"""Checks of several requests against a real API: values are carried, each step is judged, a failure says which."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import NOON, a_monitor, expected
from tests.support.hostile_server import HostileServer
from tests.support.probing import LONG, LOOPBACK_ALLOWED, SHORT, check, told
from tests.support.token_server import CLIENT, SECRET, TokenServer, token_server
from tocsin.domain.check_kinds import HttpCheck, Step, StepsCheck
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.expectations import Expectation, status_codes
from tocsin.domain.timings import Timings
from tocsin.probes.prober import Prober


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    with token_server() as server:
        server.takes = "body"
        yield server


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


def a_step(name: str, url: str, expect: tuple[Expectation, ...] = (), **fields: Any) -> Step:
    save = fields.pop("save", {})
    return Step(name=name, http=HttpCheck.model_validate({"url": url} | fields), expect=expect, save=save)


def log_in(tokens: TokenServer, **fields: Any) -> Step:
    form = f"client_id={CLIENT.replace(' ', '+')}&client_secret={SECRET.replace('+', '%2B').replace(' ', '+')}"
    defaults = {"method": "POST", "body": form, "save": {"token": "json.access_token"}}
    return a_step("log in", f"{tokens.url}/token", **(defaults | fields))


def use(tokens: TokenServer, **fields: Any) -> Step:
    return a_step("use it", f"{tokens.url}/api", headers={"Authorization": "Bearer {{token}}"}, **fields)


def walk(prober: Prober, *steps: Step, timeout: timedelta = LONG, **fields: Any) -> CheckResult:
    return check(prober, StepsCheck(steps=steps), timeout=timeout, **fields)


def test_a_value_is_carried_to_the_next_step(prober: Prober, tokens: TokenServer) -> None:
    result = walk(prober, log_in(tokens), use(tokens, expect=(expected("body", equals="welcome"),)))

    assert (result.state, result.message, result.status) == (CheckState.UP, "", 200)


def test_the_time_is_that_of_all_steps(prober: Prober, tokens: TokenServer) -> None:
    tokens.delay = 0.3

    result = walk(prober, log_in(tokens), use(tokens), expect=(expected("latency", below=0.3),))

    assert [expect for expect, _ in told(result)] == ["latency"]
    assert result.timings.total is not None
    assert result.timings.total >= 300
    assert result.timings == Timings(total=result.timings.total)


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        pytest.param(
            {"body": "client_id=nobody"},
            {},
            'In the step "log in": Status 401 instead of 200-299, with the body',
            id="the first, by what goes without saying",
        ),
        pytest.param(
            {},
            {"expect": (status_codes((201, 201)),)},
            'In the step "use it": Status 200 instead of 201, with the body "welcome"',
            id="the second, by its own expectation",
        ),
        pytest.param(
            {"save": {"token": "json.absent"}},
            {},
            'In the step "log in": There is nothing to save as token at json.absent; the body begins ',
            id="a value that is not there",
        ),
        pytest.param(
            {"save": {}},
            {},
            'In the step "use it": {{token}} was saved by no step before',
            id="a value that nobody saved",
        ),
    ],
)
def test_a_failure_says_in_which_step(
    prober: Prober, tokens: TokenServer, first: dict[str, Any], second: dict[str, Any], message: str
) -> None:
    result = walk(prober, log_in(tokens, **first), use(tokens, **second))

    assert result.state is CheckState.DOWN
    assert result.message.startswith(message)


def test_after_a_failure_no_further_step_is_made(prober: Prober, server: HostileServer) -> None:
    walk(prober, a_step("first", server.url("/unavailable")), a_step("second", server.url()))

    assert [request.path for request in server.requests] == ["/unavailable"]


def test_a_failed_connection_says_in_which_step(prober: Prober, server: HostileServer) -> None:
    result = walk(prober, a_step("first", server.url()), a_step("second", server.url("/closes")))

    ((expect, message),) = told(result)
    assert expect == "response"
    assert message.startswith('In the step "second": localhost:PORT (127.0.0.1) closed the connection')
    assert result.timings.total is not None


def test_all_steps_have_the_time_of_one(prober: Prober, server: HostileServer) -> None:
    steps = [a_step(f"step {number}", server.url()) for number in range(5)]

    result = walk(prober, *steps, a_step("last", server.url("/silent")), timeout=SHORT)

    ((expect, message),) = told(result)
    assert expect == "timeout"
    assert message.startswith('In the step "last": No response from localhost:PORT (127.0.0.1) within 0.3 s')


def test_saved_tokens_are_not_told(prober: Prober, tokens: TokenServer, server: HostileServer) -> None:
    echo = a_step("echo", server.url("/echo?{{token}}"), expect=(expected("body", excludes="token"),))

    result = walk(prober, log_in(tokens), echo)

    assert server.requests[-1].path == "/echo?token-number-1"
    assert "token-number" not in result.message
    assert "•••" in result.message


def test_a_metadata_address_in_an_answer_is_refused(prober: Prober, server: HostileServer) -> None:
    location = a_step("ask", server.url("/to?http://169.254.169.254/latest/"), follow_redirects=0)
    ask = location.model_copy(update={"save": {"where": "headers.location"}, "expect": (status_codes((302, 302)),)})

    result = walk(prober, ask, a_step("go there", "{{where}}"))

    metadata = "a link-local or metadata address, which is never checked"
    assert told(result) == [("address", f'In the step "go there": 169.254.169.254 is at 169.254.169.254, {metadata}')]


def test_cookies_are_not_shared(prober: Prober, server: HostileServer) -> None:
    walk(prober, a_step("first", server.url("/cookie")), a_step("second", server.url("/echo")))

    assert "cookie" not in server.requests[-1].headers


def test_a_cookie_that_is_saved_can_be_sent(prober: Prober, server: HostileServer) -> None:
    first = a_step("first", server.url("/cookie"), save={"session": 'headers."set-cookie"'})

    walk(prober, first, a_step("second", server.url("/echo"), headers={"Cookie": "{{session}}"}))

    assert server.requests[-1].headers["cookie"] == "session=abcdefgh"


def test_a_step_that_is_our_own_fault_shows_nothing_about_the_target(prober: Prober, server: HostileServer) -> None:
    step = a_step("first", server.url(), auth={"kind": "bearer", "token": {"secret": "absent"}})

    result = walk(prober, step)

    assert (result.state, server.connections) == (CheckState.INCONCLUSIVE, 0)


def test_several_walks_do_not_mix(prober: Prober, tokens: TokenServer) -> None:
    steps = StepsCheck(steps=(log_in(tokens), use(tokens)))
    monitors = [a_monitor(f"m{number}", check=steps, timeout=LONG) for number in range(5)]

    results = prober.check_all(monitors, now=NOON, rules=LOOPBACK_ALLOWED)
    assert [result.state for result in results] == [CheckState.UP] * 5
