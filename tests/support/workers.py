"""The processes in which the emulator runs Lambda functions."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from tocsin.cli.local.record import Emulator


def workers(emulator: Emulator, function: str) -> tuple[int, ...]:
    """The process ids of those that run a function, by a part of its name. Reads /proc, so this is for Linux."""
    return tuple(pid for pid in _group(emulator.pid) if function in _function_name(pid))


def kill(pid: int) -> None:
    """No chance to finish anything, as when Lambda's host dies."""
    os.kill(pid, signal.SIGKILL)


def _group(leader: int) -> tuple[int, ...]:
    """The emulator leads a process group of its own, and its workers stay in it."""
    everyone = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
    return tuple(pid for pid in everyone if pid != leader and _leader(pid) == leader)


def _leader(pid: int) -> int | None:
    with suppress(ProcessLookupError):
        return os.getpgid(pid)
    return None


def _function_name(pid: int) -> str:
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    names = (variable.partition("=")[2] for variable in variables if variable.startswith("AWS_LAMBDA_FUNCTION_NAME="))
    return next(names, "")
