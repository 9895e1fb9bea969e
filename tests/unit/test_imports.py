"""Imports point one way, functions → adapters → domain, and only `clock.py` reads a clock."""

import sys
from pathlib import Path

import pytest

from tests.support.imports import CLOCKS, ROOT, STOPWATCHES, TOCSIN, clocks_in, imports_in

OURS = {"bench", "demo", "functions", "infra", "layers", "statuspage_site", "tests", "tocsin"}
LIBRARIES = {"pydantic", "jmespath", "cronsim"}
"""What the domain may import: records, and two languages of the file."""
ADAPTERS = ("channels", "intake", "probes", "publishers", "stores")
FILES = sorted(
    path.relative_to(ROOT)
    for folder in (TOCSIN / "tocsin", ROOT / "functions", ROOT / "infra")
    for path in folder.rglob("*.py")
)


def may_import(part: str) -> tuple[str, ...]:
    """Which modules of ours a part may import; a trailing dot means all below."""
    below_adapters = ("tocsin.domain.", "tocsin.errors.", "tocsin.templates.")
    if part in ADAPTERS:
        return (*below_adapters, "tocsin.aws.", f"tocsin.{part}.")
    return {
        "domain": ("tocsin.domain.", "tocsin.errors."),
        # `Event` is what rules are typed with, and mypy lets nobody take it from `events`, which only imports it.
        "infra": ("infra.", "tocsin.settings.", "tocsin.domain.events.", "tocsin.domain.record.Event."),
        "functions": (*below_adapters, *(f"tocsin.{name}." for name in ADAPTERS), "tocsin.clock.", "tocsin.settings."),
        "cli": ("tocsin.",),
    }.get(part, ())


def part_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return parts[parts.index("tocsin", 3) + 1] if parts[0] == "layers" else parts[0]


def offences(path: Path, source: str) -> list[str]:
    part, found = part_of(path), []
    for name in imports_in(source):
        if name.package in OURS:
            allowed = f"{name.module}.".startswith(may_import(part))
        else:
            allowed = part != "domain" or name.package in LIBRARIES or name.package in sys.stdlib_module_names
        found += [] if allowed else [f"{part} may not import {name.module}"]
    if part in (*ADAPTERS, "domain"):
        forbidden = CLOCKS if part == "probes" else CLOCKS | STOPWATCHES
        found += [f"{part} may not read {clock}" for clock in sorted(clocks_in(source) & forbidden)]
    return found


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_imports_downwards_and_reads_no_clock(path: Path) -> None:
    assert offences(path, (ROOT / path).read_text()) == []


@pytest.mark.parametrize(
    ("part", "source", "offence"),
    [
        pytest.param("tocsin/domain/x", "import boto3", "domain may not import boto3", id="domain, AWS"),
        pytest.param(
            "tocsin/domain/x",
            "from tocsin.stores.table import Table",
            "domain may not import tocsin.stores.table.Table",
            id="upwards",
        ),
        pytest.param(
            "tocsin/domain/x", "from tocsin import clock", "domain may not import tocsin.clock", id="clock module"
        ),
        pytest.param(
            "tocsin/stores/x",
            "from tocsin.probes import http",
            "stores may not import tocsin.probes.http",
            id="sideways",
        ),
        pytest.param(
            "tocsin/stores/x",
            "import functions.sweep.handler",
            "stores may not import functions.sweep.handler",
            id="functions",
        ),
        pytest.param(
            "infra", "from tocsin.domain import people", "infra may not import tocsin.domain.people", id="infra, domain"
        ),
        pytest.param(
            "tocsin/domain/x",
            "import datetime as d\nd.datetime.now(d.UTC)",
            "domain may not read datetime.now",
            id="now",
        ),
        pytest.param("tocsin/stores/x", "from time import time", "stores may not read time.time", id="time"),
        pytest.param(
            "tocsin/stores/x", "import time\ntime.monotonic()", "stores may not read time.monotonic", id="stopwatch"
        ),
    ],
)
def test_an_offence_is_named(part: str, source: str, offence: str) -> None:
    path = Path(f"layers/tocsin/python/{part}.py" if "/" in part else f"{part}/x.py")

    assert offences(path, source) == [offence]


@pytest.mark.parametrize(
    ("part", "source"),
    [
        pytest.param(
            "domain", "import json\nfrom pydantic import BaseModel\nfrom tocsin.errors import RefusedError", id="domain"
        ),
        pytest.param("probes", "import time, pycurl\ntime.monotonic()", id="a probe measures how long things take"),
        pytest.param(
            "stores", "import boto3\nfrom tocsin.domain import people\nfrom tocsin.stores import keys", id="a store"
        ),
    ],
)
def test_what_is_allowed_passes(part: str, source: str) -> None:
    assert offences(Path(f"layers/tocsin/python/tocsin/{part}/x.py"), source) == []
