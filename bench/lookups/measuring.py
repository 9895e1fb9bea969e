"""Names that never resolve: how many healthy checks beside them pass."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench.programs import path_of
from tocsin.errors import TocsinError

CASES = ((240, 40), (1000, 200))
_ROOT = Path(__file__).parents[2]

Progress = Callable[[str], None]


class Found(NamedTuple):
    """`slowest` is the longest healthy check in milliseconds, `took` all of them together in seconds."""

    checks: int
    silent: int
    passed: int
    healthy: int
    wrongly: int
    slowest: float
    took: float


def measure(progress: Progress) -> list[Found]:
    """Raises TocsinError where a process cannot have a network of its own."""
    return [_measure(count, silent, progress) for count, silent in CASES]


def _measure(count: int, silent: int, progress: Progress) -> Found:
    progress(f"{count:,} checks of which {silent} have names that never resolve")
    alone = [path_of("unshare", package="util-linux"), "--map-root-user", "--mount", "--net"]
    command = [*alone, sys.executable, "-m", "bench.lookups.inside", str(count), str(silent)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise TocsinError(f"names cannot be looked up here: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
    return Found(count, silent, **json.loads(done.stdout))
