"""A lost race is run again at once: the queue's own retry would make a page wait for a whole visibility timeout."""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from tocsin.errors import ConflictError

TRIES = 5
P = ParamSpec("P")
T = TypeVar("T")


def retry_lost_races(change: Callable[P, T]) -> Callable[P, T]:
    """`change` reads, decides and saves. After the last try the ConflictError rises, and the queue takes over."""

    @functools.wraps(change)
    def persistent(*args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, TRIES):
            try:
                return change(*args, **kwargs)
            except ConflictError:
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - spreads the racers, guards nothing
        return change(*args, **kwargs)

    return persistent
