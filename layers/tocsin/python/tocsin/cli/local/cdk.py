"""The real CDK command line, pointed at the emulator: one synthesis, then everything from its result."""

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tocsin.cli.local.failure import EXCERPT, StepError
from tocsin.cli.local.workspace import ACCOUNT, Workspace

CONTEXT = {"tocsin:dependencies": "local"}
LEFT_OUT = {"Tocsin-Cloud"}
"""Holds what the emulator lacks, and nothing else."""
_QUIET = ("--no-notices", "--no-version-reporting", "--no-color")
_PROGRESS = re.compile(r"^(?P<stack>\S+) \| *(?P<done>\d+)/(?P<all>\d+) \|")
_TELLING = re.compile(r"failed|error|❌|exception|cannot|refus|denied", re.IGNORECASE)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Stack:
    name: str
    region: str


def synthesize(workspace: Workspace, environment: dict[str, str], say: Say) -> tuple[Stack, ...]:
    """Writes the cloud assembly and returns the stacks to deploy."""
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
    return tuple(Stack(name, region) for name, region in found if name not in LEFT_OUT)


def bootstrap(workspace: Workspace, environment: dict[str, str], regions: Iterable[str]) -> None:
    _run(workspace, environment, _in_silence, "bootstrap", *(f"aws://{ACCOUNT}/{region}" for region in regions))


def deploy(workspace: Workspace, environment: dict[str, str], say: Say, chosen: Iterable[Stack]) -> None:
    names = [stack.name for stack in chosen]
    options = (
        "--require-approval=never",
        "--method=direct",
        "--concurrency=4",
        "--asset-parallelism",
        "--progress=events",
    )
    _run(workspace, environment, say, "deploy", "--app", str(workspace.assembly), *names, *options)


def _run(workspace: Workspace, environment: dict[str, str], say: Say, command: str, *arguments: str) -> None:
    full = [str(workspace.cdk), command, *arguments, *_QUIET]
    printed = []
    with workspace.log.open("a", buffering=1) as log, _start(full, workspace.root, environment) as process:
        log.write(f"{command:>9} $ {' '.join(full)}\n")
        for line in process.stdout or ():
            log.write(f"{command:>9} | {line}")
            printed.append(line.rstrip())
            _report(line, say)
    if process.returncode != 0:
        raise StepError(f"cdk {command} failed", workspace.log, _telling(printed))


def _in_silence(detail: str) -> None:
    """It runs beside another step, which has the floor."""


def _start(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _report(line: str, say: Say) -> None:
    if seen := _PROGRESS.match(line):
        say(f"{seen['stack']} {seen['done']} of {seen['all']}")


def _telling(lines: list[str]) -> tuple[str, ...]:
    """The last lines that name an error, or the last of all when none does."""
    named = (line for line in lines if _TELLING.search(line))
    return tuple(dict.fromkeys(named))[-EXCERPT:] or tuple(lines[-EXCERPT:])
