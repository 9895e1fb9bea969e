"""The checks of a run that wait for their time."""

import heapq
from collections.abc import Iterable
from datetime import datetime

from tocsin.domain.check_plan import PlannedCheck


class Agenda:
    """May grow while it is worked off."""

    def __init__(self, checks: Iterable[PlannedCheck] = ()) -> None:
        self._waiting: list[tuple[datetime, int, PlannedCheck]] = []
        self._added = 0
        for check in checks:
            self.add(check)

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, check: PlannedCheck) -> None:
        self._added += 1
        heapq.heappush(self._waiting, (check.at, self._added, check))

    def kinds(self) -> set[str]:
        """Of the checks that wait."""
        return {check.monitor.check.kind for _, _, check in self._waiting}

    def take_due(self, now: datetime) -> list[PlannedCheck]:
        due = []
        while self._waiting and self._waiting[0][0] <= now:
            due.append(heapq.heappop(self._waiting)[2])
        return due

    def next_at(self) -> datetime | None:
        return self._waiting[0][0] if self._waiting else None
