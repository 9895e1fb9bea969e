"""`tocsin oncall`: at an instant, over a range."""

import json
from typing import Any

import pytest

from tests.support.command_line import data, lines, run


@pytest.mark.usefixtures("write")
def test_oncall_at_an_instant() -> None:
    def on_call(at: str) -> Any:
        return data("oncall", "tocsin.yaml", "primary", "--at", at)

    assert on_call("2026-01-12T08:59") == {"schedule": "primary", "on_call": ["alice"]}
    assert on_call("2026-01-12T09:00") == {"schedule": "primary", "on_call": ["bob"]}
    assert on_call("2026-01-12T08:00Z") == {"schedule": "primary", "on_call": ["bob"]}
    assert run("oncall", "tocsin.yaml", "primary", "--at", "2026-01-12").stdout == "alice\n"


@pytest.mark.usefixtures("write")
def test_oncall_now() -> None:
    assert data("oncall", "tocsin.yaml", "primary")["on_call"] in (["alice"], ["bob"])


@pytest.mark.usefixtures("write")
def test_oncall_over_a_range() -> None:
    arguments = ("oncall", "tocsin.yaml", "primary", "--from", "2026-03-25", "--until", "2026-04-01T12:00+02:00")

    assert data(*arguments) == {
        "schedule": "primary",
        "shifts": [
            {"start": "2026-03-25T00:00:00+01:00", "end": "2026-03-30T09:00:00+02:00", "people": ["bob"]},
            {"start": "2026-03-30T09:00:00+02:00", "end": "2026-04-01T12:00:00+02:00", "people": ["alice"]},
        ],
    }
    assert lines(run(*arguments).stdout) == [
        "from until on call",
        "Wed 2026-03-25 00:00 CET Mon 2026-03-30 09:00 CEST bob",
        "Mon 2026-03-30 09:00 CEST Wed 2026-04-01 12:00 CEST alice",
    ]


@pytest.mark.usefixtures("write")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["primry"], "the file has no schedule 'primry'; did you mean `primary`?"),
        (
            ["primary", "--at", "soon"],
            "'soon' is not a time; write it as in 2026-01-05T09:00 or 2026-01-05T09:00+01:00",
        ),
        (["primary", "--at", "0001-01-01"], "'0001-01-01' is too far away; use a year from 1970 to 2100"),
        (["primary", "--from", "2026-01-02", "--until", "2026-01-01"], "--until must be after --from"),
        (["primary", "--from", "2026-01-02"], "give either --at, or both --from and --until"),
        (["primary", "--at", "2026-01-01", "--from", "2026-01-02", "--until", "2026-01-03"], "give either --at"),
    ],
)
def test_oncall_refusals(arguments: list[str], reason: str) -> None:
    result = run("oncall", "tocsin.yaml", *arguments, "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


def test_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["title"] == "tocsin.yaml"
