"""What is said when an answer is not as expected."""

import pytest

from tests.support.builders import expected
from tocsin.domain.checks import SUCCESS
from tocsin.domain.excerpts import EXCERPT, excerpt
from tocsin.domain.expectations import Expectation, status_codes, unmet
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
