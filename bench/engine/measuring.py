"""Rounds in which every engine has its turn, so that a busy minute is everybody's."""

import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.engine.contenders import Contender, contenders
from bench.engine.target import SCHEMES, Target, target
from bench.machine import Cores, allow_many_files, cores, pinned
from tocsin.errors import TocsinError

CHECKS = 2000
IN_FLIGHT = (100, 500)
ROUNDS = 5
_ROOT = Path(__file__).parents[2]

Progress = Callable[[str], None]


class Case(NamedTuple):
    scheme: str
    in_flight: int


class Turn(NamedTuple):
    """What one engine used for one case: processor seconds for each check; bytes of memory, where it can be told."""

    seconds: float
    peak: float | None
    added: float | None
    """By each check in flight."""


class Measured(NamedTuple):
    """Medians by engine and case, and which engines are missing, with the reason."""

    turns: Mapping[str, Mapping[Case, Turn]]
    missing: tuple[str, ...]
    rounds: int


CASES = tuple(Case(scheme, in_flight) for scheme in SCHEMES for in_flight in IN_FLIGHT)


def measure(progress: Progress, rounds: int = ROUNDS) -> Measured:
    """Raises TocsinError where there is no nginx, or when an engine finds a target down."""
    allow_many_files()
    used = cores()
    turns: dict[str, dict[Case, list[Turn]]] = defaultdict(lambda: defaultdict(list))
    with target(used.other) as site, TemporaryDirectory(prefix="tocsin-bench-") as folder:
        progress("getting ready")
        found, missing = contenders(Path(folder), used.other)
        for number in range(rounds):
            for case in CASES:
                for contender in found:
                    progress(f"round {number + 1} of {rounds}: {contender.name}, {case.scheme}, {case.in_flight}")
                    if case.in_flight <= contender.most:
                        turns[contender.name][case].append(_turn(contender, case, site, used))
    medians = {name: {case: middle(each) for case, each in cases.items()} for name, cases in turns.items()}
    return Measured(medians, tuple(missing), rounds)


def middle(turns: list[Turn]) -> Turn:
    """The median of each figure."""
    return Turn(
        median(turn.seconds for turn in turns),
        _middle(turn.peak for turn in turns),
        _middle(turn.added for turn in turns),
    )


def _middle(figures: Iterable[float | None]) -> float | None:
    told = [figure for figure in figures if figure is not None]
    return median(told) if told else None


def _turn(contender: Contender, case: Case, site: Target, used: Cores) -> Turn:
    count = CHECKS // contender.share
    given = str(site.urls(case.scheme)), str(count), str(case.in_flight), str(site.authorities)
    command = pinned(used.measured, [*contender.command, *given, *contender.more])
    extra = {"NODE_EXTRA_CA_CERTS": str(site.authority), "GOMAXPROCS": "1"}
    done = subprocess.run(command, cwd=_ROOT, env=os.environ | extra, capture_output=True, text=True)
    if done.returncode != 0:
        raise TocsinError(f"{contender.name} failed: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
    return turn_of(contender.name, json.loads(done.stdout), count, case.in_flight)


def turn_of(name: str, said: Mapping[str, float | None], count: int, in_flight: int) -> Turn:
    """From what a loop printed. Raises TocsinError unless every check passed: anything else is no comparison."""
    if said["passed"] != count:
        raise TocsinError(f"{name} found only {said['passed']:.0f} of {count} up, so its figures tell nothing")
    peak, resting, seconds = said["peak"], said["resting"], said["processor"] or 0.0
    added = None if peak is None or resting is None else max(0.0, peak - resting) / in_flight
    return Turn(seconds / count, peak, added)
