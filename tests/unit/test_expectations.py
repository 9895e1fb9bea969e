"""What is said when an answer is not as expected."""

from typing import Any, Literal

import pytest

from tests.support.builders import expected
from tocsin.domain.checks import SUCCESS
from tocsin.domain.excerpts import EXCERPT, excerpt
from tocsin.domain.expectations import Expectation, status_codes
from tocsin.domain.findings import met, unmet
from tocsin.domain.timings import Timings

TIMINGS = Timings(lookup=2, connect=12, tls=52, first_byte=802, total=812)
PAGE = "<!doctype html><title>Shop</title><style>p {color: red}</style><p>Welcome to the <b>shop</b></p>"


def said(*expect: Expectation, status: int = 200, body: str = "Welcome", timings: Timings = TIMINGS) -> list[str]:
    facts = {"status": status, "body": body, "timings": timings, "latency": (timings.total or 0) / 1000}
    return [f"{each.expect}: {each.message}" for each in unmet(expect, facts)]


def body(**rule: str) -> tuple[Expectation, ...]:
    return (SUCCESS, expected("body", **rule))


def latency(milliseconds: float) -> Expectation:
    return expected("latency", below=milliseconds / 1000)


@pytest.mark.parametrize(
    ("expect", "status", "text", "messages"),
    [
        pytest.param((SUCCESS,), 204, "", [], id="any 2xx is fine"),
        pytest.param(
            (SUCCESS,),
            503,
            '{"error": "database is down"}',
            ['status: Status 503 instead of 200-299, with the body "{"error": "database is down"}"'],
            id="the wrong status, and what came with it",
        ),
        pytest.param((SUCCESS,), 500, "", ["status: Status 500 instead of 200-299"], id="without a body"),
        pytest.param(
            (status_codes((200, 204), (304, 304)),),
            404,
            "",
            ["status: Status 404 instead of 200-204, 304"],
            id="ranges as in the file",
        ),
        pytest.param(body(contains="Welcome"), 200, "Welcome back", [], id="contains"),
        pytest.param(
            body(contains="Welcome"),
            200,
            "Access denied",
            ['body: The body does not contain "Welcome"; it begins "Access denied"'],
            id="does not contain",
        ),
        pytest.param(
            body(contains="Welcome"),
            200,
            " \n",
            ['body: The body does not contain "Welcome"; it is empty'],
            id="empty",
        ),
        pytest.param(body(excludes="Exception"), 200, "fine", [], id="excludes"),
        pytest.param(
            body(excludes="Exception"),
            200,
            "java.lang.Exception: no disk",
            ['body: The body contains "Exception", which it must not: "java.lang.Exception: no disk"'],
            id="does not exclude",
        ),
        pytest.param(body(matches=r"v\d+"), 200, "this is v12", [], id="matches somewhere"),
        pytest.param(
            body(matches=r"v\d+"),
            200,
            "this is vX",
            [r'body: Nothing in the body matches /v\d+/; it begins "this is vX"'],
            id="matches nowhere",
        ),
        pytest.param(
            (SUCCESS, expected("body", contains="a"), expected("body", excludes="x")),
            500,
            "x",
            [
                'status: Status 500 instead of 200-299, with the body "x"',
                'body: The body does not contain "a"; it begins "x"',
                'body: The body contains "x", which it must not: "x"',
            ],
            id="everything that is wrong is said",
        ),
    ],
)
def test_status_and_body(expect: tuple[Expectation, ...], status: int, text: str, messages: list[str]) -> None:
    assert said(*expect, status=status, body=text) == messages


def test_an_answer_that_takes_too_long_tells_where_the_time_went() -> None:
    phases = "lookup 2 ms, connection 10 ms, TLS 40 ms, first byte 750 ms, body 10 ms"
    assert said(latency(500)) == [f"latency: The answer took 812 ms, expected less than 500 ms ({phases})"]


def test_phases_that_did_not_happen_are_left_out() -> None:
    found = said(latency(5), timings=Timings(connect=1, first_byte=9, total=10))

    assert found == [
        "latency: The answer took 10 ms, expected less than 5 ms (connection 1 ms, first byte 8 ms, body 1 ms)"
    ]


def test_an_answer_in_time_is_fine() -> None:
    assert said(latency(813)) == []


LENGTHY = [{"op": "at_least", "value": 5}]
FACTS: dict[str, Any] = {
    "status": 503,
    "body": '{"state": "failing", "items": [{"id": 7}], "none": null, "text": "5"}',
    "headers": {"content-type": "text/plain", "age": "512", "set-cookie": "session=swordfish"},
    "http_version": "1.1",
    "latency": 0.912,
    "timings": Timings(lookup=2, connect=12, first_byte=902, total=912),
    "answers": ["20 mx2.acme.example.", "10 mx1.acme.example."],
    "rcode": "NXDOMAIN",
    "asked": "asked 1.1.1.1:53 for MX of acme.example",
    "certificate": {"valid_for": 3.5 * 86400, "all_valid_for": -7200, "issuer": "R3", "names": ["b", "a"]},
    "response": "220 ready",
}
ASKED = " (asked 1.1.1.1:53 for MX of acme.example)"
SPENT = " (lookup 2 ms, connection 10 ms, first byte 890 ms, body 10 ms)"


def over(how: Literal["any", "all", "none"], **matchers: str) -> Expectation:
    return Expectation(fact="answers", over=how, matchers=expected("answers", **matchers).matchers)


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        (expected("json", "state", equals="ok"), 'json state is "failing", expected "ok"'),
        (expected("json", "items[0].id", at_least=10), "json items[0].id is 7, expected at least 10"),
        (expected("json", "items[0].id", between=[8, 9]), "json items[0].id is 7, expected 8 to 9"),
        (expected("json", "nothing", equals=1), "json nothing is missing, expected 1"),
        (expected("json", "none", equals=1), "json none is null, expected 1"),
        (expected("json", "none", exists=False), "json none is null, expected nothing to be there"),
        (expected("json", "text", above=3), 'json text is "5", expected more than 3'),
        (expected("json", "items", length=LENGTHY), "json items has 1 item, expected a length of at least 5"),
        (expected("json", "text", length=LENGTHY), "json text is 1 character long, expected a length of at least 5"),
        (expected("json", "length(nothing)", above=1), "json length(nothing) is missing, expected more than 1"),
        (expected("json", "state", one_of=["ok", "idle"]), 'json state is "failing", expected one of "ok", "idle"'),
        (
            expected("headers", "content-type", matches="^text/html"),
            'header content-type is "text/plain", expected a match of /^text/html/',
        ),
        (expected("headers", "age", below=100), 'header age is "512", expected less than 100'),
        (
            expected("headers", "set-cookie", contains="other"),
            "header set-cookie is •••, expected something with ••• in it",
        ),
        (expected("http_version", equals="2"), 'The HTTP version is "1.1", expected "2"'),
        (
            expected("body", not_matches="fail.ng"),
            f"The body matches /fail.ng/, which it must not: {excerpt(FACTS['body'])}",
        ),
        (expected("response", contains="250"), 'The response does not contain "250"; it begins "220 ready"'),
        (expected("latency", below=0.8), f"The answer took 912 ms, expected less than 800 ms{SPENT}"),
        (
            expected("certificate", "valid_for", at_least=14 * 86400),
            "The certificate is valid for 3 days 12 hours, expected at least 14 days",
        ),
        (
            expected("certificate", "all_valid_for", at_least=86400),
            "One of the certificates expired 2 hours ago, expected at least 1 day",
        ),
        (expected("certificate", "names", equals=["a", "c"]), 'certificate names is ["a", "b"], expected ["a", "c"]'),
        (
            expected("registration", "valid_for", at_least=60),
            "registration valid_for is missing, expected at least 1 minute",
        ),
        (expected("rcode", equals="NOERROR"), f'The response code is "NXDOMAIN", expected "NOERROR"{ASKED}'),
        (
            expected("answers", contains="mx1.acme.example"),
            'The list of answers is ["10 mx1.acme.example.", "20 mx2.acme.example."], '
            f'expected one of them to be "mx1.acme.example"{ASKED}',
        ),
        (
            expected("answers", excludes="10 mx1.acme.example."),
            'The list of answers is ["10 mx1.acme.example.", "20 mx2.acme.example."], '
            f'expected none of them to be "10 mx1.acme.example."{ASKED}',
        ),
        (
            over("any", contains="mx3"),
            'The list of answers is ["10 mx1.acme.example.", "20 mx2.acme.example."], '
            f'expected one of them to be something with "mx3" in it{ASKED}',
        ),
        (
            over("all", contains="mx1"),
            'The list of answers has "20 mx2.acme.example.", '
            f'expected all of them to be something with "mx1" in it{ASKED}',
        ),
        (
            over("none", contains="mx1"),
            'The list of answers has "10 mx1.acme.example.", '
            f'expected none of them to be something with "mx1" in it{ASKED}',
        ),
    ],
)
def test_a_failure_says_what_was_expected_found_and_where(expectation: Expectation, message: str) -> None:
    assert [each.message for each in unmet([expectation], FACTS)] == [message]
    assert met([expectation], FACTS) == []


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (expected("latency", above=0.8), f"The answer took 912 ms, more than 800 ms{SPENT}"),
        (
            expected("certificate", "valid_for", below=30 * 86400),
            "The certificate is valid for 3 days 12 hours, less than 30 days",
        ),
        (expected("json", "items[0].id", above=5, below=9), "json items[0].id is 7, more than 5 and less than 9"),
        (expected("json", "state", equals="failing"), 'json state is "failing"'),
        (expected("headers", "age", above=100), 'header age is "512", more than 100'),
        (expected("response", matches=r"^2\d\d"), r'The response matches /^2\d\d/: "220 ready"'),
        (expected("response", excludes="250"), 'The response does not contain "250"; it begins "220 ready"'),
        (status_codes((500, 599)), "Status 503"),
        (expected("rcode", **{"not": "NOERROR"}), f'The response code is "NXDOMAIN"{ASKED}'),
    ],
)
def test_what_is_degraded_says_why(condition: Expectation, message: str) -> None:
    assert [each.message for each in met([condition], FACTS)] == [message]
    assert unmet([condition], FACTS) == []


def test_a_body_that_is_no_json_is_said_to_be_none() -> None:
    found = unmet([expected("json", "state", equals="ok")], {"body": "<html>Bad gateway</html>"})

    assert [each.message for each in found] == ['The body is not JSON; it begins "Bad gateway"']


def test_a_body_that_is_no_json_is_told_once() -> None:
    found = unmet([expected("json", "state", equals="ok"), expected("json", "items", length=LENGTHY)], {"body": ""})

    assert [each.message for each in found] == ["The body is not JSON; it is empty"]


def test_an_empty_list_is_said_to_be_empty() -> None:
    found = unmet([expected("answers", length=LENGTHY)], {"answers": []})

    assert [each.message for each in found] == ["The list of answers is empty, expected a length of at least 5"]


def test_what_came_last_has_a_name_of_its_kind() -> None:
    took = {"latency": 9, "timings": Timings(lookup=1, connect=3, first_byte=5, total=9)}
    spent = "lookup 1 ms, connection 2 ms, first byte 2 ms"

    assert _spent(took | {"body": ""}) == f" ({spent}, body 4 ms)"
    assert _spent(took) == f" ({spent}, the rest 4 ms)"
    assert _spent(took | {"timings": Timings(lookup=1, total=1)}) == " (lookup 1 ms)"
    assert _spent(took | {"timings": Timings(total=9)}) == ""


def _spent(facts: dict[str, Any]) -> str:
    (found,) = unmet([expected("latency", below=1)], facts)
    return found.message.removeprefix("The answer took 9000 ms, expected less than 1000 ms")


def test_items_meet_all_matchers_together() -> None:
    facts = {"answers": ["ab", "b"]}

    assert unmet([over("any", contains="b", excludes="a")], facts) == []
    assert unmet([over("all", contains="b")], facts) == []
    assert unmet([over("none", contains="c")], facts) == []
    assert len(unmet([over("none", contains="b", excludes="a")], facts)) == 1
    assert len(unmet([over("all", contains="b")], {"answers": []})) == 1


@pytest.mark.parametrize("age", ["512", " 512 ", "512.0"])
def test_a_header_that_is_a_number_is_compared_as_one(age: str) -> None:
    facts = {"headers": {"age": age}}

    assert unmet([expected("headers", "age", above=511, between=[512, 512.5])], facts) == []
    assert len(unmet([expected("headers", "age", above=512)], facts)) == 1
    assert len(unmet([expected("headers", "age", above=512)], {"headers": {"age": "soon"}})) == 1


@pytest.mark.parametrize(
    ("text", "at", "shown"),
    [
        pytest.param(PAGE, 0, '"Shop Welcome to the shop"', id="without mark-up"),
        pytest.param("one\n\n  two\tthree", 0, '"one two three"', id="on one line"),
        pytest.param("x" * 500, 0, f'"{"x" * EXCERPT}…"', id="shortened"),
        pytest.param("x" * 500 + "Error" + "y" * 500, 500, f'"…{"x" * 80}Error{"y" * 75}…"', id="around the place"),
        pytest.param("<" * 5000, 0, f'"{"<" * EXCERPT}…"', id="no mark-up at all"),
    ],
)
def test_an_excerpt_fits_into_a_message(text: str, at: int, shown: str) -> None:
    assert excerpt(text, at) == shown
