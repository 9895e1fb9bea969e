"""What a JMESPath finds; nothing that a body may hold makes it fail."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.domain.json_path import NOT_JSON, document_in, value_in
from tocsin.domain.matchers import MISSING

DOCUMENT = {"status": "ok", "none": None, "items": [{"id": 1}, {"id": None}], "odd-name": {"b": 2}}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("", DOCUMENT, id="all of it"),
        pytest.param("@", DOCUMENT, id="all of it, written"),
        pytest.param("status", "ok", id="a name"),
        pytest.param("none", None, id="null is a value"),
        pytest.param("nothing", MISSING, id="not there"),
        pytest.param("none.deeper", MISSING, id="below null"),
        pytest.param('"odd-name".b', 2, id="a name in quotes"),
        pytest.param("items[0].id", 1, id="a position"),
        pytest.param("items[-1].id", None, id="null at the end"),
        pytest.param("items[2]", MISSING, id="no such position"),
        pytest.param("status[0]", MISSING, id="a position in a text"),
        pytest.param("length(items)", 2, id="a function"),
        pytest.param("length(nothing)", MISSING, id="a function of nothing"),
        pytest.param("items[?id==`1`] | [0].id", 1, id="a filter"),
        pytest.param("items[?id==`9`] | [0]", MISSING, id="a filter that finds nothing"),
        pytest.param("items[*].id", [1], id="a projection leaves null out, as JMESPath does"),
        pytest.param("sum(items)", MISSING, id="a function of something else"),
    ],
)
def test_what_a_path_finds(path: str, found: Any) -> None:
    assert value_in(DOCUMENT, path) == found
    assert (value_in(DOCUMENT, path) is MISSING) is (found is MISSING)


@pytest.mark.parametrize("body", ["", "<html>", "{", "[" * 200_000, "1" * 5000], ids=lambda body: body[:6] or "empty")
def test_a_body_that_is_no_json_has_nothing_in_it(body: str) -> None:
    assert document_in(body) is NOT_JSON
    assert value_in(NOT_JSON, "") is MISSING
    assert value_in(NOT_JSON, "status") is MISSING


def test_infinite_numbers_have_no_integer_above_them() -> None:
    assert value_in(document_in("[1e999, NaN]"), "ceil([0])") is MISSING


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from("abc"), inside, max_size=3),
    max_leaves=10,
)
PATHS = st.sampled_from(
    [
        "a",
        "a.b",
        "a[0]",
        "a[-1].b",
        "length(@)",
        "sum(a)",
        "avg(a)",
        "max_by(a, &b)",
        "sort(a)",
        "keys(a)",
        "a[?b>`1`].c",
        "to_number(a)",
        "ceil(a)",
        "join(',', a)",
        "a == b",
        "*.b",
        "a[]",
        "reverse(a)",
    ]
)


@given(PATHS, ANY)
def test_no_document_makes_a_path_fail(path: str, document: Any) -> None:
    value_in(document, path)
