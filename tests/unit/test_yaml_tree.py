"""YAML means what it looks like, and every part of it knows its place."""

import pytest

from tocsin.cli.file import yaml_tree
from tocsin.cli.file.problems import BadFileError, Place
from tocsin.cli.file.yaml_tree import Tree


def read(text: str) -> object:
    return Tree(text, "f").data


def refused(text: str) -> list[str]:
    try:
        problems = Tree(text, "f").problems
    except BadFileError as error:
        return error.lines()
    return BadFileError("f", problems).lines()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1 day", "1 day"),
        ("09:00", "09:00"),
        ("1:30", "1:30"),
        ("on", "on"),
        ("yes", "yes"),
        ("n", "n"),
        ("2026-01-05", "2026-01-05"),
        ("2026-01-05T09:00", "2026-01-05T09:00"),
        ("200-299", "200-299"),
        ("+420601123456", "+420601123456"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("=", "="),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("42", 42),
        ("-3", -3),
        ("007", 7),
        ("2.5", 2.5),
        ("1e3", 1000.0),
        ('"true"', "true"),
        ("'42'", "42"),
        ("|\n  one\n  two", "one\ntwo\n"),
    ],
)
def test_plain_words_mean_what_they_look_like(written: str, meant: object) -> None:
    found = read(f"key: {written}\n")

    assert found == {"key": meant}
    assert type(found["key"]) is type(meant)


def test_keys_are_text() -> None:
    assert read("on: 1\n2: 2\nnull: 3\n2026-01-05: 4\n") == {"on": 1, "2": 2, "null": 3, "2026-01-05": 4}


def test_anchors_and_merge_keys() -> None:
    text = """
slow: &slow {every: 5m, timeout: 10s}
post: &post {method: POST, every: 9m}
one: *slow
two: {<<: *slow, every: 1m}
three: {every: 2m, <<: [*post, *slow]}
"""

    assert read(text) == {
        "slow": {"every": "5m", "timeout": "10s"},
        "post": {"method": "POST", "every": "9m"},
        "one": {"every": "5m", "timeout": "10s"},
        "two": {"timeout": "10s", "every": "1m"},
        "three": {"timeout": "10s", "method": "POST", "every": "2m"},
    }


def test_every_part_knows_its_place() -> None:
    tree = Tree("a: &x\n  b: [1, {c: 2}]\nd: *x\ne: {<<: *x}\n", "f")

    assert tree.place_of(()) == Place(1, 1)
    assert tree.place_of(("a", "b", 1, "c")) == Place(2, 14)
    assert tree.place_of_key(("a", "b", 1, "c")) == Place(2, 11)
    assert tree.place_of(("d", "b", 0)) == Place(2, 7)
    assert tree.place_of(("e", "b", 0)) == Place(2, 7)
    assert tree.place_of(("a", "missing")) == Place(1, 1)
    assert tree.place_of(("a", "b", 0, "inside", "text")) == Place(2, 7)
    assert tree.place_of(("a", "b", 7)) == Place(2, 3)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", "f:3:1: a: is there twice, first in line 1; keep one of them", id="twice"),
        pytest.param("a: !secret x", "f:1:4: a: the tag `!secret` means nothing here; leave it out", id="own tag"),
        pytest.param(
            "a: !!python/object:os.system {}",
            "f:1:4: a: the tag `tag:yaml.org,2002:python/object:os.system` means nothing here; leave it out",
            id="Python's tag",
        ),
        pytest.param(
            "a: !!str 12", "f:1:4: a: the tag `tag:yaml.org,2002:str` means nothing here; leave it out", id="YAML's tag"
        ),
        pytest.param("? [a]\n: b", "f:1:3: a key must be text; a list or mapping cannot be one", id="key"),
        pytest.param(
            "<<: 3", "f:1:5: `<<` takes a mapping, or a list of them; name an anchor, as in `<<: *defaults`", id="merge"
        ),
        pytest.param("a: &a [*a]", "f:1:4: a[0]: the aliases in here never end; write it out", id="alias of itself"),
        pytest.param("a: &a\n  b: *a", "f:1:4: a.b: the aliases in here never end; write it out", id="part of itself"),
    ],
)
def test_what_is_refused(text: str, problem: str) -> None:
    assert refused(text) == [problem]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("a: b: c", "f:1:5", id="two colons"),
        pytest.param("a:\n\t- b", "f:2:1", id="a tab"),
        pytest.param("a: [1, 2", "f:2:1", id="an open bracket"),
        pytest.param("a: *unknown", "f:1:4", id="an unknown alias"),
        pytest.param("a: 1\n--- \nb: 2\n", "f:2:1", id="two documents"),
        pytest.param("a: \x07", "f:1:1", id="a control character"),
        pytest.param("a: 'x", "f:1:6", id="an open quote"),
    ],
)
def test_what_is_not_yaml(text: str, place: str) -> None:
    (problem,) = refused(text)

    assert problem.startswith(f"{place}: this is not YAML: ")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        pytest.param("a:\n\tb: 1\n", "indent with spaces, never with tabs", id="a tab"),
        pytest.param("cron: */5 * * * *", "put text that begins with `*` or `&` in quotes", id="cron without quotes"),
        pytest.param("a: *nobody\n", "name an anchor that stands above", id="an anchor that is not there"),
        pytest.param("a: 1\n--- \nb: 2\n", "keep one document in the file", id="two documents"),
        pytest.param("a: b: c\n", "check the indentation", id="anything else"),
    ],
)
def test_what_is_not_yaml_comes_with_advice(text: str, advice: str) -> None:
    (problem,) = refused(text)

    assert advice in problem


def test_all_that_is_refused_is_told_at_once() -> None:
    assert [problem[:7] for problem in refused("a: 1\na: 2\nb: !y 3\n? [c]\n: 4\n")] == [
        "f:2:1: ",
        "f:3:4: ",
        "f:4:3: ",
    ]


def test_aliases_of_aliases_do_not_take_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_tree, "MOST_NODES", 10_000)
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]

    (problem,) = refused("\n".join(lines))

    assert problem.endswith("the aliases in here never end; write it out")
