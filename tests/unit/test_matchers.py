"""What each operator means, for every value that JSON can say and for what is not there."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tocsin.domain.matchers import MISSING, Matcher, Op, is_met


def holds(op: str, value: Any, found: Any) -> bool:
    return is_met(Matcher(op=Op(op), value=value), found)


def lengths(**operators: int) -> list[dict[str, Any]]:
    return [{"op": op, "value": value} for op, value in operators.items()]


@pytest.mark.parametrize(
    ("op", "value", "yes", "no"),
    [
        pytest.param("equals", "ok", ["ok"], ["OK", "ok ", MISSING, None, ["ok"]], id="equals a text"),
        pytest.param("equals", 1, [1, 1.0], ["1", True, 2, MISSING], id="equals a number"),
        pytest.param("equals", True, [True], [1, "true", MISSING], id="equals true"),
        pytest.param("equals", None, [None], [MISSING, False, 0, ""], id="equals null"),
        pytest.param("equals", [1, {"a": True}], [[1.0, {"a": True}]], [[1, {"a": 1}], [{"a": True}, 1]], id="deep"),
        pytest.param("not", "ok", ["OK", None, MISSING, 1], ["ok"], id="not"),
        pytest.param("above", 5, [5.1, 6, math.inf], [5, "6", True, None, MISSING, math.nan], id="above"),
        pytest.param("at_least", 5, [5, 6], [4.9, "5", [5], MISSING], id="at least"),
        pytest.param("below", 5, [4, -math.inf], [5, "4", False, MISSING], id="below"),
        pytest.param("at_most", 5, [5, 4], [5.1, MISSING], id="at most"),
        pytest.param("above", "2026-01-01", ["2026-01-02"], ["2025-12-31", 2027, MISSING], id="above a time"),
        pytest.param("between", [1, 3], [1, 2.5, 3], [0, 4, "2", MISSING], id="between"),
        pytest.param("one_of", [1, "a", None], [1, "a", None], [True, "b", MISSING], id="one of"),
        pytest.param("contains", "or", ["Tor"], ["Tower", 1, MISSING, None], id="contains a part"),
        pytest.param("contains", 1, [[2, 1.0]], [[True], "1", 1, MISSING], id="contains an item"),
        pytest.param("contains", "a", [{"a": None}, ["a"]], [{"b": "a"}, ["ab"]], id="contains a key"),
        pytest.param("excludes", "or", ["Tower", MISSING, None, ["Tor"]], ["Tor"], id="excludes"),
        pytest.param("matches", r"^v\d", ["v1"], ["xv1", None, ["v1"], MISSING], id="matches"),
        pytest.param("matches", r"^\d+$", [12, "12"], [1.5, True, MISSING], id="matches a number"),
        pytest.param("not_matches", r"^v\d", ["x", None, MISSING, 5], ["v1"], id="matches not"),
        pytest.param(
            "length", lengths(equals=2), ["ab", [1, 2], {"a": 1, "b": 2}], ["a", 2, None, MISSING], id="length"
        ),
        pytest.param("length", lengths(above=1, below=4), ["ab"], ["a", "abcd", MISSING], id="length in limits"),
        pytest.param("exists", True, [None, 0, "", False], [MISSING], id="exists"),
        pytest.param("exists", False, [MISSING], [None, 0], id="is not there"),
        pytest.param("in_ranges", [[200, 299], [304, 304]], [200, 299, 304], [300, "200", True, MISSING], id="ranges"),
    ],
)
def test_what_an_operator_holds_for(op: str, value: Any, yes: list[Any], no: list[Any]) -> None:
    assert [holds(op, value, found) for found in yes] == [True] * len(yes)
    assert [holds(op, value, found) for found in no] == [False] * len(no)


@pytest.mark.parametrize(
    ("op", "value"),
    [
        ("between", 5),
        ("between", [1, 2, 3]),
        ("one_of", "ab"),
        ("matches", 5),
        ("length", 5),
        ("length", [{"op": "between", "value": 1}]),
        ("exists", "yes"),
        ("in_ranges", [[1], 2]),
    ],
)
def test_an_operator_is_not_asked_what_it_cannot_answer(op: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Matcher(op=Op(op), value=value)


def test_numbers_that_python_will_not_write_match_nothing() -> None:
    assert not holds("matches", "1", 10**5000)


NUMBERS = st.integers() | st.floats(allow_nan=True) | st.integers(min_value=-3, max_value=3)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=5) | st.sampled_from(["a", "5", "v1"]),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=3), inside, max_size=4),
    max_leaves=8,
)
FINITE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e9, 1e9) | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=3), inside, max_size=3),
    max_leaves=6,
)
FOUND = JSON | st.just(MISSING)
PATTERNS = st.sampled_from(["", "a", "^5$", r"\d+", "v1|x", "(?i)A", "[^a]"])
LIMITS = st.builds(
    lambda op, value: {"op": op, "value": value},
    st.sampled_from(["above", "below", "at_least", "at_most", "equals"]),
    st.integers(-1, 5),
)
OPERANDS: dict[Op, st.SearchStrategy[Any]] = {
    Op.BETWEEN: st.lists(FINITE, min_size=2, max_size=2),
    Op.ONE_OF: st.lists(FINITE, max_size=4),
    Op.MATCHES: PATTERNS,
    Op.NOT_MATCHES: PATTERNS,
    Op.LENGTH: st.lists(LIMITS, max_size=2),
    Op.EXISTS: st.booleans(),
    Op.IN_RANGES: st.lists(st.lists(st.integers(100, 599), min_size=2, max_size=2), max_size=3),
}
MATCHERS = st.sampled_from(list(Op)).flatmap(
    lambda op: st.builds(Matcher, op=st.just(op), value=OPERANDS.get(op, FINITE))
)


@given(MATCHERS, FOUND)
def test_every_matcher_answers_for_every_value(matcher: Matcher, found: Any) -> None:
    assert is_met(matcher, found) in (True, False)


@given(FINITE, PATTERNS, FOUND)
def test_negations_are_complements(value: Any, pattern: str, found: Any) -> None:
    assert holds("not", value, found) is not holds("equals", value, found)
    assert holds("excludes", value, found) is not holds("contains", value, found)
    assert holds("not_matches", pattern, found) is not holds("matches", pattern, found)
    assert holds("exists", False, found) is not holds("exists", True, found)


@given(FINITE, FINITE, FOUND)
def test_between_is_at_least_and_at_most(first: Any, last: Any, found: Any) -> None:
    both = holds("at_least", first, found) and holds("at_most", last, found)

    assert holds("between", [first, last], found) is both


@given(FINITE, st.lists(FINITE, max_size=3), FOUND)
def test_one_of_is_any_equality(value: Any, others: list[Any], found: Any) -> None:
    assert holds("one_of", [value, *others], found) is any(holds("equals", each, found) for each in [value, *others])


@given(MATCHERS)
def test_a_matcher_survives_being_stored(matcher: Matcher) -> None:
    assert Matcher.model_validate_json(matcher.model_dump_json()) == matcher
