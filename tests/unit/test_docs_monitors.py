"""What docs/monitors.md says is so: its examples are read, its tables hold what there is."""

import re
from pathlib import Path

import pytest

from tests.support.files import said_about
from tocsin.cli.file.monitor_crossing import FINDS
from tocsin.cli.file.monitor_shape import KINDS, default_every
from tocsin.cli.file.time_values import duration_in
from tocsin.domain.matchers import Op

DOCUMENT = (Path(__file__).parents[2] / "docs" / "monitors.md").read_text()
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
AROUND = """\
organization: {name: Acme, time_zone: Europe/Prague}
regions: {home: eu-west-1, probes: [eu-west-1, us-east-1, ap-southeast-2]}
people: {alice: {name: Alice, email: alice@acme.example}}
escalation_policies: {default: {steps: [{page: [person: alice], wait: 5m}]}}
services:
  web: {name: Website, escalation_policy: default}
  shop: {name: Shop, escalation_policy: default}
  mail: {name: Mail, escalation_policy: default}
"""
NOT_IN_THE_FILE = {Op.IN_RANGES}


def rows(heading: str) -> list[list[str]]:
    """Of the first table below a heading, without its head."""
    _, _, below = DOCUMENT.partition(f"## {heading}\n")
    lines = [line for line in below.split("\n## ")[0].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]*)`", cell)


@pytest.mark.parametrize("example", [pytest.param(text, id=text.split("\n")[1].strip()) for text in EXAMPLES])
def test_an_example_has_no_problems(example: str) -> None:
    assert said_about(AROUND + example) == []


def test_every_kind_is_there_with_what_it_finds_and_how_often() -> None:
    told = {
        kind: (set(words(finds)), words(every)) for kinds, *_, finds, every in rows("Kinds") for kind in words(kinds)
    }

    assert {kind: finds for kind, (finds, _) in told.items()} == FINDS
    assert told.keys() == KINDS.keys()
    assert all(duration_in(every) == default_every(kind) for kind, (_, said) in told.items() for every in said)


def test_every_matcher_is_there() -> None:
    assert [name for name, _ in rows("Matchers") for name in words(name)] == [
        op for op in Op if op not in NOT_IN_THE_FILE
    ]
