"""The time during a run: the instant it was given, and what has been measured since."""

import time
from datetime import datetime, timedelta


class RunClock:
    def __init__(self, now: datetime) -> None:
        self._now = now
        self._started = time.monotonic()

    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self._started

    def now(self) -> datetime:
        return self._now + timedelta(seconds=self.seconds())

    def stamp(self) -> datetime:
        """Now, in whole milliseconds: what is stored with a result, and compared later."""
        now = self.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
