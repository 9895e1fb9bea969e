"""Every mistake is told with its place and what to do, and all of them at once."""

from pathlib import Path

import pytest
import yaml

from tests.support.files import SMALL, said_about, with_change

TABLE = yaml.safe_load((Path(__file__).parent.parent / "support" / "file_problems.yaml").read_text())


def test_a_good_file_has_no_problems() -> None:
    assert said_about(SMALL) == []


@pytest.mark.parametrize("row", [pytest.param(row, id=row["case"]) for row in TABLE])
def test_a_mistake_is_told_with_its_place_and_what_to_do(row: dict[str, str]) -> None:
    said = said_about(with_change(row["replace"], row["with"]))

    assert said == [f"tocsin.yaml:{row['at']}: {row['path']}: {row['says']}"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = SMALL
    for old, new in (
        ("alice@acme.example", "alice"),
        ("[alice, bob]", "[alice, carol]"),
        ("wait: 5m", "wait: soon"),
        ("    service: web\n", "    servce: wbe\n"),
        ("every: 1m\n    timeout: 10s", "every: 20s\n    timeout: 25s"),
        ("method: GET", "headers: {Cookie: a=b}"),
    ):
        text = with_change(old, new, text)

    assert [line.split(": ")[1] for line in said_about(text)] == [
        "people.alice.email",
        "schedules.primary.layers[0].people[1]",
        "escalation_policies.default.steps[0].wait",
        "monitors.home.service",
        "monitors.home.servce",
        "monitors.home.http.headers.Cookie",
        "monitors.home.timeout",
    ]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"], ids=["nothing", "a comment", "an empty document"])
def test_an_empty_file(text: str) -> None:
    assert said_about(text) == ["tocsin.yaml:1:1: is empty; begin with `organization:`"]


def test_a_file_that_is_no_mapping() -> None:
    assert said_about("- alice\n") == ["tocsin.yaml:1:1: a list is not a mapping; write it as in `{organization: …}`"]


def test_secrets_are_never_repeated() -> None:
    text = with_change("https://acme.example/", "https://me:hunter2@acme.example:99/")

    assert "hunter2" not in "".join(said_about(text))
