"""What `expect` and `degraded` stand for; and that what the file says comes back from the table as it was."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import expected
from tests.support.files import SMALL, said_about, with_change
from tocsin.cli.file.reading import read_text
from tocsin.domain.checks import Monitor
from tocsin.domain.expectations import Expectation, status_codes
from tocsin.domain.findings import met, unmet
from tocsin.stores.items import item_of, record_of
from tocsin.stores.keys import Key

EXPECT = "    expect: {status: 200, body: [contains: Welcome]}\n"


def monitor(expect: str) -> Monitor:
    return read_text(with_change(EXPECT, f"    expect: {expect}\n")).monitors["home"]


def length(**operators: int) -> list[dict[str, Any]]:
    return [{"op": op, "value": value} for op, value in operators.items()]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("{status: 404}", (status_codes((404, 404)),), id="a status"),
        pytest.param("{body: ok}", (expected("body", equals="ok"),), id="a body in full"),
        pytest.param("{body: {matches: v1}}", (expected("body", matches="v1"),), id="one rule"),
        pytest.param(
            "{body: [{contains: a, excludes: b}, {length: 3}]}",
            (expected("body", contains="a", excludes="b"), expected("body", length=length(equals=3))),
            id="operators in one mapping, and several mappings",
        ),
        pytest.param("{json: {ok: true}}", (expected("json", "ok", equals=True),), id="a value is equality"),
        pytest.param("{json: {x: null}}", (expected("json", "x", equals=None),), id="null is a value"),
        pytest.param("{json: {x: [1, a]}}", (expected("json", "x", equals=[1, "a"]),), id="so is a list"),
        pytest.param("{json: {x: {equals: {a: 1}}}}", (expected("json", "x", equals={"a": 1}),), id="and an object"),
        pytest.param(
            '{json: {"length(items)": {at_least: 1}}}', (expected("json", "length(items)", at_least=1),), id="JMESPath"
        ),
        pytest.param(
            "{json: {t: {between: [2026-01-01, 2027-01-01]}}}",
            (expected("json", "t", between=["2026-01-01", "2027-01-01"]),),
            id="times are text",
        ),
        pytest.param(
            "{json: {x: {length: {above: 1, at_most: 3}}}}",
            (expected("json", "x", length=length(above=1, at_most=3)),),
            id="a length may be a matcher",
        ),
        pytest.param("{json: {x: {exists: false}}}", (expected("json", "x", exists=False),), id="not there"),
        pytest.param(
            "{headers: {Content-Type: {matches: ^text}, Age: {below: 60}}}",
            (expected("headers", "content-type", matches="^text"), expected("headers", "age", below=60)),
            id="names of headers in any case",
        ),
        pytest.param("{latency: {at_most: 800ms}}", (expected("latency", at_most=0.8),), id="latency"),
        pytest.param("{http_version: 2}", (expected("http_version", equals="2"),), id="version as a number"),
        pytest.param(
            "{certificate: {valid_for: 14d, issuer: {contains: R3}}}",
            (
                expected("certificate", "valid_for", at_least=14 * 86400.0),
                expected("certificate", "issuer", contains="R3"),
            ),
            id="long enough",
        ),
        pytest.param(
            "{certificate: {names: {any: {contains: acme}, none: old.example, length: 2}}}",
            (
                expected("certificate", "names", contains="acme").model_copy(update={"over": "any"}),
                expected("certificate", "names", equals="old.example").model_copy(update={"over": "none"}),
                expected("certificate", "names", length=length(equals=2)),
            ),
            id="over the items of a list",
        ),
        pytest.param(
            "{certificate: {names: [b.example, a.example]}}",
            (expected("certificate", "names", equals=["a.example", "b.example"]),),
            id="a list without an order",
        ),
    ],
)
def test_what_is_expected(written: str, meant: tuple[Expectation, ...]) -> None:
    found = monitor(written)

    assert found.expect == meant
    assert stored(found) == found


def test_what_is_degraded() -> None:
    found = read_text(with_change(EXPECT, "    degraded: {latency: {above: 800ms}, body: {contains: slow}}\n"))

    assert found.monitors["home"].degraded_when == (
        expected("body", contains="slow"),
        expected("latency", above=0.8),
    )


def stored(monitor: Monitor) -> Monitor:
    """As it comes back from the table."""
    return record_of(item_of(Key("monitor", monitor.monitor_id), monitor, {}), Monitor)


# YAML, unlike JSON, does not join two escapes into one character.
TEXTS = st.text(st.characters(max_codepoint=0xD7FF), max_size=6)
NAMES = st.text("abcxyz", min_size=1, max_size=4)
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1e6, 1e6).map(lambda number: round(number, 6))
LITERALS = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    LITERALS, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(NAMES, inside, max_size=3), max_leaves=6
)
PATTERNS = st.sampled_from(["", "a", "^v[0-9]+$", "(?i)ok|fine"])
LENGTHS = st.integers(0, 9) | st.fixed_dictionaries({"above": st.integers(0, 3), "at_most": st.integers(2, 9)})
OPERATORS = st.fixed_dictionaries(
    {},
    optional={
        "equals": VALUES,
        "not": VALUES,
        "above": NUMBERS,
        "at_least": TEXTS,
        "below": NUMBERS,
        "between": st.tuples(NUMBERS, NUMBERS).map(sorted),
        "one_of": st.lists(VALUES, min_size=1, max_size=3),
        "contains": VALUES,
        "excludes": LITERALS,
        "matches": PATTERNS,
        "not_matches": PATTERNS,
        "length": LENGTHS,
        "exists": st.booleans(),
    },
).filter(bool)
MATCHERS = OPERATORS | LITERALS | st.lists(VALUES, max_size=3)


@given(st.dictionaries(NAMES, MATCHERS, max_size=4), VALUES)
def test_whatever_can_be_written_is_read_stored_read_back_and_judged(written: dict[str, Any], found: Any) -> None:
    monitor_read = monitor(json.dumps({"json": written}))
    facts = {"body": json.dumps(found)}

    assert stored(monitor_read) == monitor_read
    assert len(unmet(monitor_read.expect, facts)) + len(met(monitor_read.expect, facts)) == len(written)


@given(VALUES)
def test_a_value_is_equal_to_itself(value: Any) -> None:
    found = monitor(json.dumps({"json": {"x": {"equals": value}, "y": {"not": value}}}))

    assert [each.message[:7] for each in unmet(found.expect, {"body": json.dumps({"x": value, "y": value})})] == [
        "json y "
    ]


def test_the_small_file_is_stored_as_it_is() -> None:
    assert said_about(SMALL) == []
    for each in read_text(SMALL).monitors.values():
        assert stored(each) == each
