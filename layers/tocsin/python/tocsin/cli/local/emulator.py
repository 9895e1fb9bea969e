"""The emulator process: one per state folder, found again by a lock that it holds for as long as it lives."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tocsin.cli.local import browse, lock, ports, record, restored
from tocsin.cli.local.failure import StepError
from tocsin.cli.local.record import Emulator
from tocsin.cli.local.workspace import ACCOUNT, Workspace

START = 60.0
STOP = 20.0
SIGN = 20.0

# It outlives this process on purpose. Should this process stop it as well, it is its parent and has to take note.
_started: list[subprocess.Popen[bytes]] = []


def running(workspace: Workspace) -> Emulator | None:
    """The emulator of this folder if it is alive. No pid is trusted alone: it may belong to something else by now.

    One that is being started signs its record as the first thing it does; that is waited for.
    """
    deadline = time.monotonic() + SIGN
    while lock.is_taken(_lock(workspace)):
        emulator = record.read(_record(workspace))
        if emulator is None or emulator.pid != record.STARTING:
            return emulator
        if time.monotonic() > deadline:
            raise StepError("the emulator does not start", workspace.emulator_log)
        time.sleep(0.05)
    return None


def start(
    workspace: Workspace, home_region: str, *, port: int | None = None, workers_endpoint: str | None = None
) -> Emulator:
    """Starts it in the background and waits until it answers.

    `workers_endpoint` is where Lambda functions find AWS, when that is not the emulator itself.
    State of an earlier run is loaded when the port of that run is to be had; otherwise it is of no use and is removed.
    """
    kept = port_of_before(workspace, port)
    if kept is None:
        clean(workspace)
    restored.rewind_streams(_data(workspace))
    restored.release_messages(_data(workspace))
    chosen = kept or port or next(ports.free())
    _keep_older(workspace.emulator_log, workspace.log)
    _spawn(workspace, Emulator(record.STARTING, chosen, home_region, workers_endpoint))
    return _ready(workspace)


def port_of_before(workspace: Workspace, port: int | None = None) -> int | None:
    """The port of an earlier run, if its state can be gone on with: stored addresses contain it."""
    before = record.read(_record(workspace))
    return before.port if before and ports.is_free(before.port) and port in (None, before.port) else None


def has_state(workspace: Workspace) -> bool:
    """Whether an earlier run has left anything to go on with."""
    return record.read(_record(workspace)) is not None and _data(workspace).exists()


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


def _spawn(workspace: Workspace, emulator: Emulator) -> None:
    for folder in (_data(workspace), _temporary(workspace)):
        folder.mkdir(parents=True, exist_ok=True)
    with lock.taken(_lock(workspace)) as held, workspace.emulator_log.open("ab") as log:
        record.write(_record(workspace), emulator)
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin.cli.local.repaired_emulator", str(_record(workspace))],
            env=_environment(workspace, emulator),
            cwd=workspace.state,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(held,),
        )
    _started.append(process)


def _environment(workspace: Workspace, emulator: Emulator) -> dict[str, str]:
    """Lambda workers inherit all of it, so it holds nothing that they could mistake for settings of their own."""
    settings = {
        # Node, which runs the CDN's functions, lies beside this Python.
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))),
        "HOME": os.environ.get("HOME", str(workspace.state)),
        "LANG": "C.UTF-8",
        "TMPDIR": str(_temporary(workspace)),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(emulator.port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": emulator.home_region,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(_data(workspace)),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(_data(workspace) / "s3"),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    return settings | ({"AWS_ENDPOINT_URL": emulator.workers_endpoint} if emulator.workers_endpoint else {})


def _ready(workspace: Workspace) -> Emulator:
    """Once it answers."""
    deadline = time.monotonic() + START
    while not ((emulator := running(workspace)) and answers(emulator)):
        if not lock.is_taken(_lock(workspace)):
            raise StepError("the emulator stopped as soon as it was started", workspace.emulator_log)
        if time.monotonic() > deadline:
            raise StepError("the emulator does not answer", workspace.emulator_log)
        time.sleep(0.1)
    return emulator


def _wait_for_exit(workspace: Workspace, patience: float) -> None:
    deadline = time.monotonic() + patience
    while lock.is_taken(_lock(workspace)) and time.monotonic() < deadline:
        time.sleep(0.05)


def _keep_older(*logs: Path) -> None:
    """One of each, so that they do not grow for ever."""
    for log in logs:
        if log.exists():
            log.replace(log.with_suffix(".older.log"))


def _record(workspace: Workspace) -> Path:
    return workspace.state / "embedded.json"


def _lock(workspace: Workspace) -> Path:
    return workspace.state / "embedded.lock"


def _data(workspace: Workspace) -> Path:
    return workspace.state / "data"


def _temporary(workspace: Workspace) -> Path:
    return workspace.state / "tmp"
