"""The emulator process: one per state folder, found again by a lock that it holds for as long as it lives."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tocsin.cli.local import browse, lock, ports, restored
from tocsin.cli.local.failure import StepError
from tocsin.cli.local.workspace import ACCOUNT, Workspace

START = 60.0
STOP = 20.0

# It outlives this process on purpose. Should this process stop it as well, it is its parent and has to take note.
_started: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True)
class Emulator:
    """What `embedded.json` says. The port is kept over a restart, since stored addresses contain it."""

    pid: int
    port: int
    home_region: str
    workers_endpoint: str | None = None

    @property
    def endpoint(self) -> str:
        # By number: not every C library resolves names below `localhost`, and Amazon S3 clients put bucket names there.
        return f"http://127.0.0.1:{self.port}"


def recorded(workspace: Workspace) -> Emulator | None:
    """What was started last, whether or not it still runs. A damaged record counts as none."""
    try:
        return Emulator(**json.loads(_record(workspace).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def running(workspace: Workspace) -> Emulator | None:
    """The emulator of this folder if it is alive. No pid is trusted alone: it may belong to something else by now."""
    emulator = recorded(workspace)
    return emulator if emulator and lock.is_taken(_lock(workspace)) else None


def start(
    workspace: Workspace, home_region: str, *, port: int | None = None, workers_endpoint: str | None = None
) -> Emulator:
    """Starts it in the background and waits until it answers.

    `workers_endpoint` is where Lambda functions find AWS, when that is not the emulator itself.
    State of an earlier run is loaded when the port of that run is to be had; otherwise it is of no use and is removed.
    """
    before = recorded(workspace)
    kept = before.port if before and ports.is_free(before.port) and port in (None, before.port) else None
    if kept is None:
        clean(workspace)
    restored.rewind_streams(_data(workspace))
    chosen = kept or port or next(ports.free())
    emulator = _spawn(workspace, chosen, home_region, workers_endpoint)
    _wait_until_ready(workspace, emulator)
    return emulator


def stop(workspace: Workspace) -> bool:
    """Ends the recorded emulator, and with it the Lambda workers of its process group. False when it did not run.

    The workers at the same time: it would wait for what they are at. As on AWS, what a function did not finish is
    given to it again.
    """
    emulator = running(workspace)
    if emulator is None:
        return False
    os.killpg(emulator.pid, signal.SIGTERM)
    _wait_for_exit(workspace, STOP)
    with suppress(ProcessLookupError):
        os.killpg(emulator.pid, signal.SIGKILL)
    _wait_for_exit(workspace, STOP)
    for process in _started:
        process.poll()
    shutil.rmtree(_temporary(workspace), ignore_errors=True)
    return True


def clean(workspace: Workspace) -> None:
    """Forgets everything the emulator stored. It must not be running."""
    for folder in (_data(workspace), _temporary(workspace)):
        shutil.rmtree(folder, ignore_errors=True)
    _record(workspace).unlink(missing_ok=True)


def answers(emulator: Emulator) -> bool:
    try:
        return browse.get(f"{emulator.endpoint}/_ministack/health", timeout=2.0).status == 200
    except OSError:
        return False


def _spawn(workspace: Workspace, port: int, home_region: str, workers_endpoint: str | None) -> Emulator:
    for folder in (_data(workspace), _temporary(workspace)):
        folder.mkdir(parents=True, exist_ok=True)
    with lock.taken(_lock(workspace)) as held, workspace.emulator_log.open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin.cli.local.repaired_emulator"],
            env=_environment(workspace, port, home_region, workers_endpoint),
            cwd=workspace.state,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(held,),
        )
        _started.append(process)
        emulator = Emulator(process.pid, port, home_region, workers_endpoint)
        _write(_record(workspace), json.dumps(asdict(emulator)))
    return emulator


def _environment(workspace: Workspace, port: int, home_region: str, workers_endpoint: str | None) -> dict[str, str]:
    """Lambda workers inherit all of it, so it holds nothing that they could mistake for settings of their own."""
    settings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", str(workspace.state)),
        "LANG": "C.UTF-8",
        "TMPDIR": str(_temporary(workspace)),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": home_region,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(_data(workspace)),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    return settings | ({"AWS_ENDPOINT_URL": workers_endpoint} if workers_endpoint else {})


def _wait_until_ready(workspace: Workspace, emulator: Emulator) -> None:
    deadline = time.monotonic() + START
    while not answers(emulator):
        if not lock.is_taken(_lock(workspace)):
            raise StepError("the emulator stopped as soon as it was started", workspace.emulator_log)
        if time.monotonic() > deadline:
            raise StepError(f"the emulator does not answer at {emulator.endpoint}", workspace.emulator_log)
        time.sleep(0.1)


def _wait_for_exit(workspace: Workspace, patience: float) -> None:
    deadline = time.monotonic() + patience
    while lock.is_taken(_lock(workspace)) and time.monotonic() < deadline:
        time.sleep(0.05)


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(path)


def _record(workspace: Workspace) -> Path:
    return workspace.state / "embedded.json"


def _lock(workspace: Workspace) -> Path:
    return workspace.state / "embedded.lock"


def _data(workspace: Workspace) -> Path:
    return workspace.state / "data"


def _temporary(workspace: Workspace) -> Path:
    return workspace.state / "tmp"
