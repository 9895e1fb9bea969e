"""Waiting for what happens elsewhere: look again and again, with a limit generous enough for a slow machine."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.2


def eventually(what: str, seen: Callable[[], T | None], *, within: float = 60) -> T:
    """The first thing seen that is true. Fails after `within` seconds, saying what was waited for."""
    deadline = time.monotonic() + within
    while not (found := seen()):
        assert time.monotonic() < deadline, f"{what}: not within {within:g} s; last seen: {found!r}"
        time.sleep(PAUSE)
    return found
