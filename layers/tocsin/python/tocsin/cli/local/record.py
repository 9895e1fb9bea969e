"""`embedded.json`: which emulator belongs to a folder. Whether it lives is said by its lock alone."""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

STARTING = 0


@dataclass(frozen=True)
class Emulator:
    """The port is kept over a restart, since stored addresses contain it. The pid is `STARTING` at first."""

    pid: int
    port: int
    home_region: str
    workers_endpoint: str | None = None

    @property
    def endpoint(self) -> str:
        # By number: not every C library resolves names below `localhost`, and Amazon S3 clients put bucket names there.
        return f"http://127.0.0.1:{self.port}"


def read(file: Path) -> Emulator | None:
    """A damaged record counts as none."""
    try:
        return Emulator(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return None


def write(file: Path, emulator: Emulator) -> None:
    """Whole or not at all."""
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(emulator)))
    draft.replace(file)


def sign(file: Path) -> None:
    """By the emulator's process itself: who started it may be gone before it could note whom it started."""
    begun = read(file)
    if begun is None:
        raise SystemExit(f"{file} does not say what to start")
    write(file, replace(begun, pid=os.getpid()))
