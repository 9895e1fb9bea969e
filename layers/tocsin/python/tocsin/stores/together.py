"""Many small reads at the same time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 10
"""Reads in flight: as many as boto3 keeps connections."""

K = TypeVar("K")
T = TypeVar("T")


def read_together(read: Callable[[K], T], keys: Iterable[K]) -> dict[K, T]:
    """What is read for each key, in their order. Raises what the first failing read raises."""
    wanted = list(keys)
    with ThreadPoolExecutor(AT_ONCE) as readers:
        return dict(zip(wanted, readers.map(read, wanted), strict=True))
