"""What is asked of a token's endpoint, and what its answer means."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.check_kinds import OAuth2Auth, SecretRef
from tocsin.domain.oauth2 import Token, refusal_in, token_in, token_requests

AUTH = OAuth2Auth(
    token_url="https://login.example/token", client_id="a b", client_secret=SecretRef(secret="x"), scope="read"
)
FIVE_MINUTES_LESS = timedelta(minutes=4, seconds=30)


def test_the_client_says_who_it_is_in_a_header_and_then_in_the_body() -> None:
    in_header, in_body = token_requests(AUTH, "s3/cret")

    assert in_header.headers["Authorization"] == "Basic YStiOnMzJTJGY3JldA=="
    assert parse_qsl(in_header.body or "") == [("grant_type", "client_credentials"), ("scope", "read")]
    assert "Authorization" not in in_body.headers
    assert parse_qsl(in_body.body or "")[2:] == [("client_id", "a b"), ("client_secret", "s3/cret")]
    assert {in_header.method, in_body.method} == {"POST"}


@pytest.mark.parametrize(
    ("lasts", "good_for"),
    [
        pytest.param(3600, timedelta(minutes=59), id="an hour"),
        pytest.param(100, timedelta(seconds=90), id="a short life"),
        pytest.param(0, timedelta(0), id="none"),
        pytest.param("3600", timedelta(minutes=59), id="as text"),
        pytest.param(3600.5, timedelta(minutes=59, seconds=0.5), id="a fraction"),
        pytest.param(float("inf"), timedelta(seconds=10**9 - 60), id="for ever"),
        pytest.param(float("nan"), FIVE_MINUTES_LESS, id="not a number"),
        pytest.param(-1, FIVE_MINUTES_LESS, id="negative"),
        pytest.param(None, FIVE_MINUTES_LESS, id="not told"),
        pytest.param([], FIVE_MINUTES_LESS, id="nonsense"),
    ],
)
def test_how_long_a_token_is_good_for(lasts: Any, good_for: timedelta) -> None:
    assert token_in(json.dumps({"access_token": "abc", "expires_in": lasts})) == Token("abc", good_for)


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", "{}", '{"access_token": ""}', '{"access_token": 7}', "[" * 100_000]
)
def test_an_answer_without_a_token(body: str) -> None:
    assert token_in(body) is None
    assert refusal_in(body) == ""


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "invalid_client"}, "invalid_client"),
        ({"error": "invalid_scope", "error_description": "no such scope"}, "invalid_scope: no such scope"),
    ],
)
def test_why_there_is_none(answer: dict[str, str], reason: str) -> None:
    assert refusal_in(json.dumps(answer)) == reason


@given(st.text(max_size=80))
def test_whatever_comes_is_read_or_refused(body: str) -> None:
    assert isinstance(token_in(body), Token | None)
    assert isinstance(refusal_in(body), str)
