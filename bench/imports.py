"""How long importing each handler takes: fresh interpreters, taken in turns so that a busy minute is everybody's."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from bench.budgets import BUDGETS, budgets
from bench.importtime import Imported, by_package, parse, total, without
from bench.lambda_layout import Layout, lambda_layout
from bench.percentiles import MILLISECOND, median
from tocsin.errors import TocsinError

ROUNDS = 10
BARE = "bare Python"
BOTO3 = "boto3 alone"
_STATEMENTS = {BARE: "pass", BOTO3: "import boto3"}
_CODE = """import sys, time
sys.path[:0] = {first}
sys.path.append({last!r})
began = time.process_time()
{statement}
print(time.process_time() - began)
"""

Progress = Callable[[str], None]


class Run(NamedTuple):
    """One fresh interpreter. `processor` is the time it computed, without that in which others did."""

    imported: tuple[Imported, ...]
    processor: timedelta


@dataclass(frozen=True)
class Importing:
    """What one subject imports beyond bare Python, once for each round. `budget` is None for what is no handler."""

    name: str
    runs: tuple[Run, ...]
    budget: timedelta | None = None

    @property
    def median(self) -> timedelta:
        return median(total(run.imported) for run in self.runs)

    @property
    def processor(self) -> timedelta:
        return median(run.processor for run in self.runs)

    @property
    def is_over_budget(self) -> bool:
        """Not when only the machine was busy: an import waits for nothing but its turn."""
        return self.is_late and self.budget is not None and self.processor > self.budget

    @property
    def is_late(self) -> bool:
        return self.budget is not None and self.median > self.budget

    def biggest(self, count: int) -> list[tuple[str, timedelta]]:
        """The packages that take longest in themselves."""
        spans: dict[str, list[timedelta]] = {}
        for run in self.runs:
            for package, own in by_package(run.imported).items():
                spans.setdefault(package, []).append(own)
        return sorted(((package, median(own)) for package, own in spans.items()), key=lambda entry: -entry[1])[:count]


def measure(progress: Progress) -> tuple[Importing, ...]:
    """Every handler, the slowest first, and boto3 for comparison."""
    with lambda_layout() as layout:
        functions = layout.functions()
        allowed = budgets_of(budgets("imports"), functions)
        rounds = [_round(layout, (BARE, BOTO3, *functions), progress, number) for number in range(ROUNDS + 1)][1:]
    known = {each.module for run in rounds for each in run[BARE].imported}
    measured = (_importing(name, rounds, known, allowed.get(name)) for name in (BOTO3, *functions))
    return tuple(sorted(measured, key=lambda each: -each.median))


def budgets_of(file: Mapping[str, float], functions: tuple[str, ...]) -> dict[str, timedelta]:
    """By function. Raises TocsinError for a budget whose function is gone."""
    if gone := file.keys() - {"every_handler", *functions}:
        raise TocsinError(f"{BUDGETS.name} has a budget for {', '.join(sorted(gone))}, which is no function")
    return {name: file.get(name, file["every_handler"]) * MILLISECOND for name in functions}


def _round(layout: Layout, names: tuple[str, ...], progress: Progress, number: int) -> dict[str, Run]:
    """The first one only brings the files into memory and is not counted."""
    progress(f"Importing the handlers, round {number} of {ROUNDS}" if number else "Importing the handlers, to warm up")
    return {name: _run(layout, name) for name in names}


def _run(layout: Layout, name: str) -> Run:
    """`-I -S`: nothing of this checkout's environment is on the path. `-B`: nothing is written for the next one."""
    statement = _STATEMENTS.get(name, "import handler")
    code = _CODE.format(first=layout.import_path(name), last=str(layout.runtime), statement=statement)
    command = [sys.executable, "-I", "-S", "-B", "-X", "importtime", "-c", code]
    done = subprocess.run(command, env=_environment(name), capture_output=True, text=True)
    if done.returncode != 0:
        raise TocsinError(f"{name} cannot be imported: {done.stderr.strip().splitlines()[-1]}")
    return Run(parse(done.stderr), timedelta(seconds=float(done.stdout)))


def _environment(name: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "AWS_REGION": "eu-west-1",
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "POWERTOOLS_SERVICE_NAME": name,
        "PYDANTIC_DISABLE_PLUGINS": "__all__",
    }


def _importing(name: str, rounds: list[dict[str, Run]], known: set[str], budget: timedelta | None) -> Importing:
    """Without the modules that bare Python has, too."""
    runs = (each[name] for each in rounds)
    return Importing(name, tuple(run._replace(imported=without(run.imported, known)) for run in runs), budget)
