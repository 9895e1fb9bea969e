"""How long somebody waits from now on."""

import time
from datetime import timedelta


class Patience:
    """`limit` is what messages speak of; `left` differs from it when a part has passed before."""

    def __init__(self, limit: timedelta, left: timedelta | None = None) -> None:
        self.limit = limit
        self._left = limit if left is None else left
        self._began = time.monotonic()

    def elapsed(self) -> float:
        """Seconds from its making."""
        return time.monotonic() - self._began

    def left(self) -> timedelta:
        """May be negative."""
        return self._left - timedelta(seconds=self.elapsed())
