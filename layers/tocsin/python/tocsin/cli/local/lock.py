"""A lock on a file that ends with the process that holds it, however that ends."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tocsin.errors import ConflictError

# A look at whether it is taken holds it for an instant; that is no reason to give up.
PATIENCE = 1.0


@contextmanager
def taken(path: Path) -> Iterator[int]:
    """Gives the file descriptor: a child that inherits it holds the lock too. Raises ConflictError if it is taken."""
    with path.open("ab") as file:
        deadline = time.monotonic() + PATIENCE
        while not _try(file.fileno(), fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ConflictError(f"{path} is locked by another process")
            time.sleep(0.02)
        yield file.fileno()


def is_taken(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return not _try(file.fileno(), fcntl.LOCK_SH)
    except FileNotFoundError:
        return False


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
