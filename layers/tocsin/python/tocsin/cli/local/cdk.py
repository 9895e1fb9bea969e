"""The real CDK command line, pointed at the emulator: one synthesis, then everything from its result."""

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tocsin.cli.local.failure import StepError, tail
from tocsin.cli.local.workspace import ACCOUNT, Workspace

CONTEXT = {"tocsin:dependencies": "local"}
_QUIET = ("--no-notices", "--no-version-reporting", "--no-color")
_PROGRESS = re.compile(r"^(?P<stack>\S+) \| *(?P<done>\d+)/(?P<all>\d+) \|")
_TELLING = re.compile(r"fail|error|❌|exception|cannot|refus|denied", re.IGNORECASE)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Stack:
    name: str
    region: str


def synthesize(workspace: Workspace, environment: dict[str, str], say: Say) -> tuple[Stack, ...]:
    """Writes the cloud assembly and returns its stacks."""
    context = [part for name, value in CONTEXT.items() for part in ("--context", f"{name}={value}")]
    _run(workspace, environment, say, "synth", "--quiet", "--output", str(workspace.assembly), *context)
    return stacks(workspace.assembly)


def stacks(assembly: Path) -> tuple[Stack, ...]:
    manifest = json.loads((assembly / "manifest.json").read_text())
    found = (
        (artifact["properties"].get("stackName", name), artifact["environment"].rsplit("/", 1)[1])
        for name, artifact in manifest["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    )
    return tuple(Stack(name, region) for name, region in found)


def bootstrap(workspace: Workspace, environment: dict[str, str], say: Say, regions: Iterable[str]) -> None:
    _run(workspace, environment, say, "bootstrap", *(f"aws://{ACCOUNT}/{region}" for region in regions))


def deploy(workspace: Workspace, environment: dict[str, str], say: Say) -> None:
    options = (
        "--all",
        "--require-approval=never",
        "--method=direct",
        "--concurrency=4",
        "--asset-parallelism",
        "--progress=events",
    )
    _run(workspace, environment, say, "deploy", "--app", str(workspace.assembly), *options)


def _run(workspace: Workspace, environment: dict[str, str], say: Say, command: str, *arguments: str) -> None:
    full = [str(workspace.cdk), command, *arguments, *_QUIET]
    with workspace.log.open("a") as log:
        log.write(f"\n$ cdk {' '.join(full[1:])}\n")
        log.flush()
        began = log.tell()
        with subprocess.Popen(
            full,
            cwd=workspace.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            for line in process.stdout or ():
                log.write(line)
                log.flush()
                _report(line, say)
    if process.returncode != 0:
        raise StepError(f"cdk {command} failed", workspace.log, _telling_lines(workspace.log, began))


def _report(line: str, say: Say) -> None:
    if seen := _PROGRESS.match(line):
        say(f"{seen['stack']} {seen['done']} of {seen['all']}")


def _telling_lines(log: Path, began: int) -> tuple[str, ...]:
    """Those that name an error; the last few of them, or of all when none does."""
    with log.open("rb") as printed:
        printed.seek(began)
        lines = printed.read().decode(errors="replace").splitlines()
    return tuple(dict.fromkeys(line for line in lines if _TELLING.search(line)))[-12:] or tail(log)
