"""Real peers, none of them ours: programs from Debian's packages, run on loopback for as long as a test needs them."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

LOOPBACK = "127.0.0.1"
_PATH = os.pathsep.join((os.environ["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin"))
"""Servers live where only root's PATH leads."""

_PATIENCE = 30.0
_PAUSE = 0.02


def program(*names: str, package: str) -> str:
    """The path of the first of these that this machine has. Without any the test is skipped; with CI set it fails."""
    path = next((found for name in names if (found := shutil.which(name, path=_PATH))), None)
    if path is None:
        missing(f"no {' or '.join(names)} on this machine; on Debian: apt-get install {package}")
    return str(path)


def missing(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@contextmanager
def running(command: Sequence[str | Path], log: Path, *, ready: Callable[[], bool]) -> Iterator[None]:
    """The program, in the foreground, once `ready`; what it says goes to `log`. It and its children end with the block.

    `ready` is asked again and again, as `listening(port)` is.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_until(ready, process, log)
        yield
    finally:
        _end(process)


def listening(port: int, host: str = LOOPBACK) -> Callable[[], bool]:
    """Whether a connection is taken there."""

    def is_taken() -> bool:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as caller:
            caller.settimeout(1)
            return caller.connect_ex((host, port)) == 0

    return is_taken


def free_port() -> int:
    """Free for TCP and for UDP, at this moment."""
    while True:
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagram:
            stream.bind((LOOPBACK, 0))
            port = int(stream.getsockname()[1])
            try:
                datagram.bind((LOOPBACK, port))
            except OSError:
                continue
            return port


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        said = log.read_text(errors="replace")[-2000:]
        assert process.poll() is None, f"{process.args!r} ended with {process.returncode}: {said}"
        assert time.monotonic() < deadline, f"{process.args!r} is not ready after {_PATIENCE:g} s: {said}"
        time.sleep(_PAUSE)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Its children too: some of them outlive their parent by a while."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
