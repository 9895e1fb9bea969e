"""Who is compared: each a loop in a process of its own, which prints what it used."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bench.programs import MissingError, path_of

LOOPS = Path(__file__).with_name("loops")
TOCSIN = "tocsin"
_CHECK_HTTP_SHARE = 5
_PYTHON = (sys.executable, "-m")


class Contender(NamedTuple):
    """`command` is followed by URLS COUNT IN_FLIGHT AUTHORITIES, then by `more`.

    It makes a `share`th of the checks, and `most` at once.
    """

    name: str
    command: tuple[str, ...]
    more: tuple[str, ...] = ()
    share: int = 1
    most: int = 10_000


def contenders(folder: Path, other_core: int) -> tuple[list[Contender], list[str]]:
    """Those that can run here, and why the others cannot. `folder` is for what has to be built."""
    found, missing = [Contender(TOCSIN, (*_PYTHON, "bench.engine.loops.tocsin"))], []
    makers: tuple[Callable[[Path, int], Contender], ...] = (_go, _blackbox, _axios, _check_http)
    for make in makers:
        try:
            found.append(make(folder, other_core))
        except MissingError as error:
            missing.append(str(error))
    return found, missing


def _go(folder: Path, _: int) -> Contender:
    go, program = path_of("go", package="golang-go"), folder / "go-loop"
    environment = os.environ | {"CGO_ENABLED": "0", "GOCACHE": str(folder / "go-cache"), "GO111MODULE": "off"}
    _build([go, "build", "-o", str(program), str(LOOPS / "go/main.go")], folder, environment)
    return Contender("go", (str(program),))


def _blackbox(_folder: Path, other_core: int) -> Contender:
    exporter = path_of("prometheus-blackbox-exporter", package="prometheus-blackbox-exporter")
    return Contender("blackbox_exporter", (*_PYTHON, "bench.engine.loops.blackbox"), (exporter, str(other_core)))


def _axios(folder: Path, _: int) -> Contender:
    """Installed by npm, as its lock file says, into the folder."""
    node, npm = path_of("node", package="nodejs"), path_of("npm", package="npm")
    place = folder / "axios"
    shutil.copytree(LOOPS / "axios", place)
    _build([npm, "ci", "--no-fund", "--no-audit", "--ignore-scripts"], place, os.environ)
    return Contender("axios", (node, str(place / "loop.mjs")))


def _check_http(_folder: Path, _: int) -> Contender:
    """A process each costs the same with any number at once, and memory with each."""
    plugin = path_of("check_http", package="monitoring-plugins-basic")
    command = (*_PYTHON, "bench.engine.loops.check_http")
    return Contender("check_http", command, (plugin,), share=_CHECK_HTTP_SHARE, most=100)


def _build(command: list[str], folder: Path, environment: "os._Environ[str] | dict[str, str]") -> None:
    done = subprocess.run(command, cwd=folder, env=dict(environment), capture_output=True, text=True)
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["it said nothing"]
        raise MissingError(f"{Path(command[0]).name} {command[1]} failed: {said[-1]}")
