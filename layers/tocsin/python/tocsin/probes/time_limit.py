"""A time limit for code that does not look at a clock, such as a regular expression."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta


class TooSlowError(Exception):
    """The limit has passed."""


@contextmanager
def time_limit(limit: timedelta) -> Iterator[None]:
    """Raises TooSlowError in the block when it runs longer.

    Signals reach the main thread alone: elsewhere nothing is limited.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, limit.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _interrupt(_signal: int, _frame: object) -> None:
    raise TooSlowError
