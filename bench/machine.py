"""What a bench asks of the machine: cores to itself, and more open files than a shell gives."""

import os
import resource
from typing import NamedTuple


class Cores(NamedTuple):
    """The one that is measured, and the one for everything else."""

    measured: int
    other: int


def cores() -> Cores:
    allowed = sorted(os.sched_getaffinity(0))
    return Cores(allowed[0], allowed[-1])


def pinned(core: int, command: list[str]) -> list[str]:
    """The command, on that core alone."""
    return ["taskset", "--cpu-list", str(core), *command]


def allow_many_files() -> None:
    """As many as may be had: a check in flight is an open file or two."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
