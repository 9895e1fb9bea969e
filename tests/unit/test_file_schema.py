"""The published schema is current, takes every example, and refuses what the reader refuses by its shape."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.support.files import SMALL, said_about, with_change
from tocsin.cli.file.monitor_shape import KINDS
from tocsin.cli.file.schema import published
from tocsin.cli.file.yaml_tree import Tree

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "docs" / "tocsin.schema.json"
SCHEMA = Draft202012Validator(json.loads(PUBLISHED.read_text()))
ONLY_THE_READER = {
    "duplicate key",
    "zone",
    "abbreviation of a zone",
    "timeout as long as the interval",
    "interval under ten seconds",
    "no wait",
    "latency above the timeout",
    "rotation too short",
    "rotation too long",
    "a day that is not",
    "service to policy",
    "step to schedule",
    "fallback to person",
    "monitor to service",
    "component to service",
    "turn to person",
    "port",
    "a secret in the query",
    "private address",
    "this machine, in short",
    "authorization header",
    "key header",
    "the body of a HEAD",
    "status the wrong way round",
    "regular expression",
    "more regions than there are",
    "component twice",
    "a port that there is not",
    "a private address of another kind",
    "a private resolver",
    "a private name server",
    "a private witness",
    "a name of the DNS",
    "an address asked for its records",
    "a domain too often",
    "starttls in TLS",
    "a pattern in a dialogue",
    "too large a size",
    "a URL of tokens with a secret",
    "a JMESPath",
    "a JSONPath",
    "mail hosts without their preference",
    "a mail host with its last dot",
    "a mail host in capitals",
    "degraded the wrong way round",
    "latency the wrong way round",
    "a number that cannot be kept",
    "between the wrong way round",
    "between a number and a text",
    "a pattern for JSON",
    "found by another kind",
    "found by another kind, degraded",
    "found by another kind, in a step",
    "a certificate without TLS",
    "a certificate of mail without TLS",
    "a certificate of a plain WebSocket",
    "JSON of a HEAD",
    "degraded when it is well",
    "degraded above the timeout",
    "a monitor to depend on",
    "depends on itself",
    "depends in a circle",
    "depends on it twice",
    "flapping more often than there are checks",
    "two steps of one name",
    "what no step saved",
    "a path to save",
    "a secret of a step",
    "maintenance, unknown service",
    "maintenance, unknown monitor",
    "maintenance, ends before it begins",
    "maintenance, a time for a day",
    "maintenance, until before from",
    "maintenance, days of months",
    "maintenance, which fortnight",
    "maintenance, which day of the week",
    "maintenance, without end",
    "maintenance, twice the same",
    "heartbeat, checked, too",
    "heartbeat, how often, but not there",
    "heartbeat, a grace of seconds",
    "heartbeat, a cron that never comes",
    "heartbeat, an unknown zone",
}
"""A schema does not compare parts with each other, and knows no calendar."""
TABLE = yaml.safe_load((ROOT / "tests" / "support" / "file_problems.yaml").read_text())


def takes(text: str) -> bool:
    return bool(SCHEMA.is_valid(Tree(text, "f").data))


def test_it_is_current() -> None:
    assert PUBLISHED.read_text() == published(), "stale: tocsin schema > docs/tocsin.schema.json"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("example", sorted((ROOT / "examples").glob("*.yaml")), ids=lambda path: path.name)
def test_reader_and_schema_take_every_example(example: Path) -> None:
    assert said_about(example.read_text()) == []
    assert takes(example.read_text())


@pytest.mark.parametrize("row", [pytest.param(row, id=row["case"]) for row in TABLE])
def test_what_the_reader_refuses_the_schema_refuses_too(row: dict[str, str]) -> None:
    assert takes(with_change(row["replace"], row["with"])) == (row["case"] in ONLY_THE_READER)


ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    7,
    2.5,
    "",
    "x",
    "1m",
    "200",
    "alice",
    "A B",
    [],
    [[]],
    ["x"],
    {},
    {"x": 1},
    "https://x.example",
    "x.example:80",
    {"secret": "x"},
    {"equals": "x"},
    {"below": "1m"},
    {"any": {"contains": "x"}},
]


def paths(part: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [above, *(path for key, value in inside for path in paths(value, (*above, key)))]


DATA = Tree(SMALL, "f").data
ESTATE: Any = Tree((ROOT / "examples" / "production.yaml").read_text(), "f").data


def test_the_example_shows_every_kind() -> None:
    assert set(KINDS) == {kind for monitor in ESTATE["monitors"].values() for kind in KINDS if kind in monitor}


def replacements(data: Any) -> st.SearchStrategy[list[tuple[tuple[Any, ...], Any]]]:
    return st.lists(st.tuples(st.sampled_from(paths(data)[1:]), st.sampled_from(ODD)), min_size=1, max_size=2)


@given(replacements(DATA))
def test_what_the_reader_takes_the_schema_takes_too(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    agree(DATA, changes)


@given(replacements({"monitors": ESTATE["monitors"]}))
def test_what_the_reader_takes_of_any_kind_the_schema_takes_too(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    agree(ESTATE, changes)


def agree(data: Any, changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    changed = copy.deepcopy(data)
    for path, value in changes:
        put(changed, path, copy.deepcopy(value))
    text = json.dumps(changed)

    assert said_about(text) or takes(text)


def put(part: Any, path: tuple[Any, ...], value: Any) -> None:
    """Does nothing when an earlier replacement took the place away."""
    for step in path[:-1]:
        if not isinstance(part, dict | list) or step not in (part if isinstance(part, dict) else range(len(part))):
            return
        part = part[step]
    if isinstance(part, dict) or (isinstance(part, list) and path[-1] in range(len(part))):
        part[path[-1]] = value
