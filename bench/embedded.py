"""An embedded stack of the bench's own: deployed afresh below .tocsin, and gone afterwards."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from bench.targets import Targets
from demo.observer import Observer, aws_of
from tocsin.cli.local import emulator, stack
from tocsin.cli.local.steps import Steps
from tocsin.cli.local.workspace import STATE, Workspace
from tocsin.errors import RefusedError


@contextmanager
def embedded(steps: Steps, targets: Targets) -> Iterator[Observer]:
    """Everything in this process that speaks to AWS speaks to it. When it failed, its logs stay."""
    found = Workspace.find()
    workspace = Workspace(found.root, found.root / STATE / "bench")
    if emulator.running(workspace):
        raise RefusedError(
            "a bench is running; one that was killed is stopped by: tocsin local --state .tocsin/bench down"
        )
    workspace.state.mkdir(parents=True, exist_ok=True)
    file = workspace.state / "tocsin.yaml"
    file.write_text(yaml.safe_dump(file_of(targets, workspace.regions), sort_keys=False))
    try:
        emulator.clean(workspace)
        started = stack.up(workspace, stack.Options(file), steps)
        with aws_of(started):
            yield Observer(started)
    finally:
        stack.down(workspace, clean=True)
    shutil.rmtree(workspace.state)


def file_of(targets: Targets, regions: tuple[str, ...]) -> dict[str, Any]:
    """Each monitor has a service of its own, so each outage is an incident and a page of its own."""
    policy = {"steps": [{"page": [{"person": "alice"}], "wait": "1h"}]}
    check = {"every": "10s", "timeout": "3s", "confirm": {"failures": 2, "recoveries": 2}}
    return {
        "organization": {"name": "Bench"},
        "regions": {"home": regions[0], "probes": list(regions), "allow_private_targets": True},
        "people": {"alice": {"name": "Alice", "email": "alice@acme.example"}},
        "escalation_policies": {"default": policy},
        "services": {name: {"name": name, "escalation_policy": "default"} for name in targets.names},
        "monitors": {name: {"service": name, "http": targets.url(name), **check} for name in targets.names},
    }
