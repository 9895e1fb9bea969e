"""Many items that are looked over or moved on, each by itself."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple, TypeVar

from tocsin.domain.record import Record
from tocsin.stores.items import Stored
from tocsin.stores.keys import Key

R = TypeVar("R", bound=Record)


class Moved(NamedTuple):
    """How many were overdue, and how many of them could not be moved on."""

    found: int
    stuck: int


def move_on(
    overdue: Iterable[Stored[R]], move: Callable[[R, datetime], None], now: datetime, tell: Callable[[Key], None]
) -> Moved:
    """One that cannot be read or moved holds up no other, and is overdue again next minute.

    `tell` is called for it, while its exception is being handled.
    """
    found = stuck = 0
    for stored in overdue:
        found += 1
        try:
            move(stored.read(), now)
        except Exception:
            stuck += 1
            tell(stored.key)
    return Moved(found, stuck)


def readable(stored: Iterable[Stored[R]], tell: Callable[[Key], None]) -> tuple[list[R], int]:
    """Those that can be read, and how many cannot: `tell` is called for each of these, as by `move_on`."""
    read: list[R] = []
    stuck = 0
    for each in stored:
        try:
            read.append(each.read())
        except Exception:
            stuck += 1
            tell(each.key)
    return read, stuck
