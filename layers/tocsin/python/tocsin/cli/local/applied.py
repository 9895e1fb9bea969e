"""What `up` applied: without a file it repeats that, but never replaces what somebody has applied by hand since."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tocsin.cli.local import deployment
from tocsin.cli.local.record import Emulator
from tocsin.cli.local.workspace import Workspace


@dataclass(frozen=True)
class Applied:
    """`revision` counts what `tocsin apply` has ever written, by whomever."""

    file: str
    revision: str | None


def last(workspace: Workspace) -> Applied | None:
    """What the last `up` applied. A damaged note counts as none."""
    try:
        return Applied(**json.loads(_note(workspace).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def is_untouched(workspace: Workspace, started: Emulator) -> bool:
    """Whether nothing is there yet, or just what the last `up` put there."""
    there, noted = _revision(started), last(workspace)
    return there is None or (noted is not None and noted.revision == there)


def note(workspace: Workspace, started: Emulator, file: Path) -> None:
    _note(workspace).write_text(json.dumps(asdict(Applied(str(file.absolute()), _revision(started)))))


def _revision(started: Emulator) -> str | None:
    table = deployment.outputs(started)["DirectoryTable"]
    key = {"pk": {"S": "revision"}, "sk": {"S": "revision"}}
    answer = deployment.client(started, "dynamodb").get_item(TableName=table, Key=key, ConsistentRead=True)
    revision: str | None = answer.get("Item", {}).get("version", {}).get("N")
    return revision


def _note(workspace: Workspace) -> Path:
    return workspace.state / "applied.json"
