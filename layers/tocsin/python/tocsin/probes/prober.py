"""Runs checks, all in one loop. There is one prober per process: what it holds is expensive to make."""

import gc
from collections.abc import Generator, Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tocsin.domain.check_plan import LONGEST_RUN, PlannedCheck
from tocsin.domain.checks import CheckResult, CheckState, Failure, Monitor
from tocsin.domain.targets import TargetRules
from tocsin.errors import NotFoundError
from tocsin.probes.agenda import Agenda
from tocsin.probes.attempt import Attempt, Secrets
from tocsin.probes.clock import RunClock
from tocsin.probes.crowds import PER_HOST, Crowds
from tocsin.probes.faults import our_fault
from tocsin.probes.kinds import Probes
from tocsin.probes.loop import Loop
from tocsin.probes.names.lookup import Lookups
from tocsin.probes.tools import Tools
from tocsin.probes.web.tokens import Tokens
from tocsin.probes.web.transfers import Transfers

STALL = timedelta(milliseconds=500)
"""When the loop gets no turn for this long, time-outs and latencies are no longer the target's."""

_LONGEST_TURN = 1.0
_OBJECTS_UNTIL_COLLECTED = 20_000


class Ended(NamedTuple):
    check: PlannedCheck
    result: CheckResult


class Prober:
    """`certificate_authorities` is a PEM file with those to trust; None means the public ones.

    At most `per_host` checks of one host and port are in flight; the others begin later, their time-outs with them.
    """

    def __init__(
        self,
        certificate_authorities: Path | None = None,
        secrets: Secrets | None = None,
        *,
        per_host: int = PER_HOST,
    ) -> None:
        # A check leaves nothing behind in circles: looking for them so often took a tenth of its time.
        gc.set_threshold(_OBJECTS_UNTIL_COLLECTED)
        self._per_host = per_host
        self._loop = Loop()
        self._secrets = secrets or _no_secrets
        authorities = certificate_authorities or public_authorities()
        loop = self._loop
        self._probes = Probes(Tools(loop, Lookups(loop), Transfers(loop), authorities, Tokens(loop)))

    def run(self, agenda: Agenda, *, now: datetime, until: datetime, rules: TargetRules) -> Generator[list[Ended]]:
        """Hands back the checks as they end, those together that ended together. The agenda may grow meanwhile.

        Ends when nothing is left to do, or at `until`: what still runs then is inconclusive, the rest is left out.
        """
        run = _Run(agenda, RunClock(now), rules, self._probes, self._secrets, Crowds(self._per_host))
        self._probes.make_ready(agenda.kinds())
        try:
            while run.goes_on(until):
                run.start_due()
                self._loop.turn(run.patience(until))
                if ended := run.take_ended():
                    yield ended
                    run.note_a_stall()
        finally:
            run.stop()
        if ended := run.take_ended():
            yield ended

    def check_all(self, monitors: Iterable[Monitor], *, now: datetime, rules: TargetRules) -> list[CheckResult]:
        """Each monitor once, all at the same time; in the order in which they end."""
        agenda = Agenda(PlannedCheck(now, monitor) for monitor in monitors)
        batches = self.run(agenda, now=now, until=now + LONGEST_RUN, rules=rules)
        return [ended.result for batch in batches for ended in batch]


def public_authorities() -> Path:
    import certifi

    return Path(certifi.where())


def _no_secrets(name: str) -> str:
    raise NotFoundError(f"the secret {name} is not to be had here")


class _Run:
    def __init__(
        self, agenda: Agenda, clock: RunClock, rules: TargetRules, probes: Probes, secrets: Secrets, crowds: Crowds
    ) -> None:
        self._agenda = agenda
        self._clock = clock
        self._rules = rules
        self._probes = probes
        self._secrets = secrets
        self._crowds = crowds
        self._running: dict[int, tuple[PlannedCheck, Attempt]] = {}
        self._begun = 0
        self._stalled: set[int] = set()
        self._ended: list[Ended] = []
        self._handed_out = 0.0

    def goes_on(self, until: datetime) -> bool:
        return bool(self._agenda or self._running or self._crowds) and self._clock.now() < until

    def patience(self, until: datetime) -> float:
        """Seconds until there is something to do besides waiting for sockets."""
        if self._ended:
            return 0
        next_at = min(self._agenda.next_at() or until, until)
        return min(_LONGEST_TURN, (next_at - self._clock.now()).total_seconds())

    def start_due(self) -> None:
        for check in self._agenda.take_due(self._clock.now()):
            self._crowds.come(check)
        while let_in := self._crowds.let_in():
            self._begin(let_in)

    def _begin(self, check: PlannedCheck) -> None:
        self._begun += 1
        done = partial(self._end, self._begun)
        attempt = Attempt(check.monitor, self._clock, self._rules, self._secrets, done)
        self._running[self._begun] = (check, attempt)
        attempt.guard(self._start, attempt)

    def _start(self, attempt: Attempt) -> None:
        self._probes.of(attempt.monitor.check.kind).start(attempt)

    def take_ended(self) -> list[Ended]:
        ended, self._ended = self._ended, []
        self._handed_out = self._clock.seconds()
        return ended

    def note_a_stall(self) -> None:
        """While the caller was busy with what had ended, nothing else went on."""
        if self._clock.seconds() - self._handed_out > STALL.total_seconds():
            self._stalled |= set(self._running)

    def stop(self) -> None:
        """Whatever still runs has shown nothing."""
        for check, running in self._running.values():
            running.stop()
            fault = our_fault("the run ended before the check did")
            self._ended.append(Ended(check, _inconclusive(check.monitor.monitor_id, self._clock.stamp(), fault)))
        self._running.clear()

    def _end(self, number: int, result: CheckResult) -> None:
        check, _ = self._running.pop(number)
        self._crowds.leave(check)
        self._ended.append(Ended(check, _excused(result) if number in self._stalled else result))


def _excused(result: CheckResult) -> CheckResult:
    if not any(failure.expect in {"timeout", "latency"} for failure in result.failures):
        return result
    return _inconclusive(result.monitor_id, result.checked_at, our_fault("it was held up during the check"))


def _inconclusive(monitor_id: str, at: datetime, fault: Failure) -> CheckResult:
    return CheckResult(monitor_id=monitor_id, checked_at=at, state=CheckState.INCONCLUSIVE, failures=(fault,))
