"""Tells what happens, each line with the seconds since the outage began, and gives up on what does not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from rich.console import Console
from rich.markup import escape

from tocsin.clock import utc_now
from tocsin.errors import TocsinError

T = TypeVar("T")
PAUSE = 0.2


@dataclass
class NotInTimeError(TocsinError):
    """`what` should have happened within `limit`; `look` says where the reason may be found."""

    what: str
    limit: timedelta
    look: str

    def __str__(self) -> str:
        return f"{self.what}: did not happen within {self.limit.total_seconds():.0f} s"


class Story:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._began: datetime | None = None

    def outage_begins(self) -> datetime:
        self._began = utc_now()
        return self._began

    def tell(self, text: str, *, at: datetime | None = None, style: str = "") -> None:
        """`at` is when it happened, if that is known better than by being told now."""
        clock = f"{((at or utc_now()) - self._began).total_seconds():.1f} s" if self._began else ""
        line = f"[{style}]{escape(text)}[/]" if style else escape(text)
        self._console.print(f"[dim]{clock:>8}[/]  {line}", highlight=False, soft_wrap=True)

    def wait_for(self, what: str, seen: Callable[[], T | None], *, within: timedelta, look: str) -> T:
        """Looks again and again until there is something to see. Raises NotInTimeError."""
        deadline = time.monotonic() + within.total_seconds()
        with self._console.status(f"[dim]waiting: {escape(what)}[/]", spinner="dots"):
            while not (found := seen()):
                if time.monotonic() > deadline:
                    raise NotInTimeError(what, within, look)
                time.sleep(PAUSE)
        return found
