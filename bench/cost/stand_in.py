"""A stand-in for the prober: every target is up, and answers as fast as web sites do. Nothing is waited for."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.timings import Timings
from tocsin.probes.agenda import Agenda
from tocsin.probes.prober import Ended

MEDIAN = 120.0
"""Milliseconds."""
_SPREAD = 0.5


class StandIn:
    def __init__(self) -> None:
        self._chance = random.Random(1)  # noqa: S311 -- no secret
        self.checks = 0

    def run(self, agenda: Agenda, *, now: datetime, until: datetime, **_: Any) -> Iterator[list[Ended]]:
        due = agenda.take_due(until)
        self.checks += len(due)
        yield [Ended(check, self._result(check.monitor.monitor_id, check.at)) for check in due]

    def _result(self, monitor_id: str, at: datetime) -> CheckResult:
        total = round(MEDIAN * self._chance.lognormvariate(0, _SPREAD), 1)
        ended = at + timedelta(milliseconds=total)
        return CheckResult(
            monitor_id=monitor_id,
            checked_at=ended.replace(microsecond=ended.microsecond // 1000 * 1000),
            state=CheckState.UP,
            status=200,
            timings=Timings(lookup=1.0, connect=total / 4, tls=total / 2, first_byte=total - 1, total=total),
        )

    def close(self) -> None:
        """As a generator has it."""
