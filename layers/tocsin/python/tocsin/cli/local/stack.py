"""Bringing the embedded stack up: the emulator, CDK's bootstrap and deployment, and a file applied. Safe to repeat."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tocsin.cli.file.reading import read_file
from tocsin.cli.local import applied, cdk, deployment, emulator, lock
from tocsin.cli.local.deployment import Addresses
from tocsin.cli.local.failure import StepError
from tocsin.cli.local.record import Emulator
from tocsin.cli.local.steps import Steps
from tocsin.cli.local.workspace import Workspace
from tocsin.errors import RefusedError

EXAMPLE = Path("examples") / "tocsin.yaml"


@dataclass(frozen=True)
class Options:
    """`file` is applied once all is deployed. None: what the last `up` applied, at first the example, unless somebody
    has applied something else since.

    `workers_endpoint`: see `emulator.start`.
    """

    file: Path | None = None
    port: int | None = None
    workers_endpoint: str | None = None


def up(workspace: Workspace, options: Options, steps: Steps) -> Emulator:
    """Returns the running emulator with everything deployed. Raises StepError, and RefusedError for a bad file."""
    _check_tools(workspace)
    read_file(str(_file(workspace, options)))
    workspace.state.mkdir(parents=True, exist_ok=True)
    with lock.taken(workspace.state / "up.lock"):
        return _up(workspace, options, steps)


def _up(workspace: Workspace, options: Options, steps: Steps) -> Emulator:
    started = _emulator(workspace, options, steps)
    environment = workspace.environment(started.endpoint, started.home_region)
    stacks = _synthesize_and_bootstrap(workspace, started, environment, steps)
    with steps.step("Deploy") as step:
        cdk.deploy(workspace, environment, step.say, stacks)
        step.outcome = f"Deployed {', '.join(stack.name for stack in stacks)}"
    file = _file(workspace, options)
    if options.file or applied.is_untouched(workspace, started):
        apply(workspace, started, file, steps)
        applied.note(workspace, started, file)
    else:
        steps.tell(f"Kept what was applied since the last up; {file.name} is back with: tocsin apply {file}")
    return started


def down(workspace: Workspace, *, clean: bool = False) -> bool:
    """Stops the emulator; its state stays for the next time unless `clean`. False when it did not run."""
    stopped = emulator.stop(workspace)
    if clean:
        emulator.clean(workspace)
    return stopped


def apply(workspace: Workspace, started: Emulator, file: Path, steps: Steps) -> None:
    """`tocsin apply FILE`, as a person would run it with `tocsin local env` in place."""
    with steps.step(f"Apply {file.name}"):
        command = [sys.executable, "-m", "tocsin.cli.main", "apply", str(file)]
        environment = workspace.environment(started.endpoint, started.home_region)
        done = subprocess.run(command, cwd=workspace.root, env=environment, capture_output=True, text=True)
        with workspace.log.open("a") as log:
            log.write(f"\n$ tocsin apply {file}\n{done.stdout}{done.stderr}")
        if done.returncode != 0:
            raise StepError(f"{file} was not applied", workspace.log)


def addresses(started: Emulator) -> Addresses:
    return deployment.addresses(started)


def _emulator(workspace: Workspace, options: Options, steps: Steps) -> Emulator:
    if there := emulator.running(workspace):
        if not emulator.answers(there):
            raise StepError(
                "the emulator runs but does not answer; stop it with: tocsin local down", workspace.emulator_log
            )
        return there
    forgotten = emulator.has_state(workspace) and emulator.port_of_before(workspace, options.port) is None
    with steps.step("Start the emulator") as step:
        started = _start(workspace, options)
        if leftovers := deployment.unfinished(started, workspace.regions):
            step.say("its last deployment was cut short, starting afresh")
            emulator.stop(workspace)
            emulator.clean(workspace)
            started = _start(workspace, options)
        why = f"{leftovers[0]} was cut short" if leftovers else "the port of its state is taken" if forgotten else ""
        step.outcome = f"Emulator at {started.endpoint}" + (f", afresh: {why}" if why else "")
    return started


def _start(workspace: Workspace, options: Options) -> Emulator:
    return emulator.start(
        workspace, workspace.home_region, port=options.port, workers_endpoint=options.workers_endpoint
    )


def _synthesize_and_bootstrap(
    workspace: Workspace, started: Emulator, environment: dict[str, str], steps: Steps
) -> tuple[cdk.Stack, ...]:
    """Both at once: the one computes, the other mostly waits."""
    missing = deployment.without_bootstrap(started, workspace.regions)
    with ThreadPoolExecutor(1) as beside:
        bootstrapped = beside.submit(cdk.bootstrap, workspace, environment, missing) if missing else None
        with steps.step("Synthesize the CDK app") as step:
            stacks = cdk.synthesize(workspace, environment, step.say)
            step.outcome = f"Synthesized {_count(stacks, 'stack')}"
        if bootstrapped:
            with steps.step(f"Bootstrapped {', '.join(missing)}"):
                bootstrapped.result()
    return stacks


def _file(workspace: Workspace, options: Options) -> Path:
    last = applied.last(workspace)
    if options.file or last is None or not Path(last.file).exists():
        return options.file or workspace.root / EXAMPLE
    return Path(last.file)


def _check_tools(workspace: Workspace) -> None:
    if not workspace.cdk.exists():
        raise RefusedError("the CDK command line is not installed here: make node_modules")


def _count(things: Sequence[object], noun: str) -> str:
    return f"{len(things)} {noun}" + ("" if len(things) == 1 else "s")
