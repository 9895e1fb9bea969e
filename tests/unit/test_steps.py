"""What is carried from one step to the next."""

from typing import Any

import pytest

from tocsin.domain.check_kinds import HttpCheck, SecretRef, Step
from tocsin.domain.checks import Failure
from tocsin.domain.expectations import Facts
from tocsin.domain.steps import filled, saved, secret_values

ANSWER: Facts = {
    "status": 201,
    "headers": {"location": "/orders/7"},
    "body": '{"token": "abc", "id": 7, "open": true, "items": [{"id": 1}], "none": null}',
}


def a_step(**save: str) -> Step:
    return Step(name="log in", http=HttpCheck(url="https://shop.example/"), save=save)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        pytest.param("json.token", "abc", id="text"),
        pytest.param("json.id", "7", id="number"),
        pytest.param("json.open", "true", id="truth value"),
        pytest.param("json.items", '[{"id": 1}]', id="list"),
        pytest.param("json.items[0].id", "1", id="item"),
        pytest.param("length(json.items)", "1", id="function"),
        pytest.param("headers.location", "/orders/7", id="header"),
        pytest.param("status", "201", id="status"),
        pytest.param("body", ANSWER["body"], id="body"),
    ],
)
def test_a_value_is_saved_as_text(path: str, value: str) -> None:
    assert saved(a_step(name=path), ANSWER) == {"name": value}


@pytest.mark.parametrize("path", ["json.absent", "json.none", "headers.absent", "json.token.x", "length(json.absent)"])
def test_a_value_that_is_not_there_fails_the_step(path: str) -> None:
    failure = saved(a_step(token=path), ANSWER)

    assert isinstance(failure, Failure)
    assert failure.expect == "save"
    assert failure.message.startswith(f'There is nothing to save as token at {path}; the body begins "{{"token": ')


@pytest.mark.parametrize(("body", "begins"), [("", "the body is empty"), ("<h1>Oops</h1>", 'the body begins "Oops"')])
def test_an_answer_that_is_no_json(body: str, begins: str) -> None:
    failure = saved(a_step(token="json.token"), {**ANSWER, "body": body})

    assert failure == Failure(expect="save", message=f"There is nothing to save as token at json.token; {begins}")


def test_a_value_must_not_be_endless() -> None:
    longest, longer = (saved(a_step(page="body"), {**ANSWER, "body": "x" * length}) for length in (65536, 65537))

    assert longest == {"page": "x" * 65536}
    assert longer == Failure(
        expect="save", message="What is to be saved as page has 65537 characters, of at most 65536"
    )


def test_half_a_character_is_no_text() -> None:
    found = saved(a_step(token="json.token"), {**ANSWER, "body": r'{"token": "\ud800"}'})

    message = "What is to be saved as token is no text: it holds half a character"
    assert found == Failure(expect="save", message=message)


def test_nothing_to_save_is_no_failure() -> None:
    assert saved(a_step(), {**ANSWER, "body": "no JSON"}) == {}


def test_saved_values_stand_in_address_headers_and_body() -> None:
    request = HttpCheck(
        url="https://shop.example/{{id}}?q={{id}}",
        headers={"Authorization": "Bearer {{token}}", "X-Key": SecretRef(secret="{{token}}")},
        body='{"id": {{id}}, "curly": "{{ID}} {id} {{ id }}"}',
    )

    assert filled(request, {"id": "7", "token": "abc"}) == HttpCheck(
        url="https://shop.example/7?q=7",
        headers={"Authorization": "Bearer abc", "X-Key": SecretRef(secret="{{token}}")},
        body='{"id": 7, "curly": "{{ID}} {id} {{ id }}"}',
    )


def test_what_was_saved_is_not_filled_in_again() -> None:
    found = filled(HttpCheck(url="https://x/{{a}}"), {"a": "{{b}}", "b": "c"})

    assert found == HttpCheck(url="https://x/{{b}}")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        pytest.param({"url": "https://x/{{id}}"}, "{{id}} was saved by no step before", id="not saved"),
        pytest.param(
            {"url": "https://x/{{lines}}"},
            "What was saved as lines holds a line break: it cannot be sent",
            id="in the address",
        ),
        pytest.param(
            {"url": "https://x/", "headers": {"X": "{{lines}}"}},
            "What was saved as lines holds a line break: it cannot be sent",
            id="in a header",
        ),
    ],
)
def test_what_cannot_be_sent(request_: dict[str, Any], message: str) -> None:
    found = filled(HttpCheck.model_validate(request_), {"lines": "a\r\nX-Evil: b"})

    assert found == Failure(expect="save", message=message)


SECRETS = [
    pytest.param({"headers": {"X-Key": {"secret": "key"}}}, id="a header"),
    pytest.param({"auth": {"kind": "bearer", "token": {"secret": "key"}}}, id="a login"),
    pytest.param(
        {"client_certificate": {"certificate": {"secret": "pem"}, "key": {"secret": "key"}}}, id="a certificate"
    ),
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    ("url", "value"),
    [
        pytest.param("{{v}}", "https://evil.example/", id="the whole address"),
        pytest.param("https://{{v}}/", "evil.example", id="the host"),
        pytest.param("https://shop.example{{v}}", ".evil.example/", id="the rest of the host"),
        pytest.param("https://shop.example{{v}}", "@evil.example/", id="what makes the host a login"),
        pytest.param("https://shop.example{{v}}", "\\@evil.example/", id="a backslash"),
        pytest.param("https://shop.example{{v}}", ":8443/", id="the port"),
        pytest.param("https://shop.example:{{v}}/", "443@evil.example", id="instead of the port"),
        pytest.param("{{v}}://shop.example/", "http", id="the scheme"),
        pytest.param("https://shop.example{{v}}", "[", id="what makes it no address"),
    ],
)
def test_no_secret_goes_where_an_answer_says(url: str, value: str, secret: dict[str, Any]) -> None:
    found = filled(HttpCheck.model_validate({"url": url, **secret}), {"v": value})

    why = "an earlier answer decides where this one goes, and secrets go only to a host that the file names"
    assert found == Failure(expect="save", message=f"Nothing was sent: {why}")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    ("url", "value"),
    [
        pytest.param("https://shop.example/{{v}}", "@evil.example/", id="a path"),
        pytest.param("https://shop.example?{{v}}", "@evil.example/", id="a query"),
        pytest.param("https://Shop.example:8443{{v}}", "/orders/7", id="all that follows the host"),
    ],
)
def test_secrets_go_to_the_host_as_written(url: str, value: str, secret: dict[str, Any]) -> None:
    found = filled(HttpCheck.model_validate({"url": url, **secret}), {"v": value})

    assert found == HttpCheck.model_validate({"url": url.replace("{{v}}", value), **secret})


def test_without_a_secret_an_answer_may_say_where_to_go() -> None:
    assert filled(HttpCheck(url="{{v}}"), {"v": "https://x/"}) == HttpCheck(url="https://x/")


def test_a_body_may_hold_lines() -> None:
    found = filled(HttpCheck(url="https://x/", body="{{lines}}"), {"lines": "a\nb"})

    assert isinstance(found, HttpCheck)
    assert found.body == "a\nb"


def test_longer_values_are_secret() -> None:
    assert secret_values({"id": "7", "token": "12345678", "short": "1234567"}) == ["12345678"]
