"""One check in progress: what every kind of probe is given, and where it hands in what it found."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple, Protocol

from tocsin.domain.check_kinds import SecretRef
from tocsin.domain.checks import CheckResult, Failure, Monitor
from tocsin.domain.excerpts import showable
from tocsin.domain.expectations import Facts
from tocsin.domain.masking import forms, masked
from tocsin.domain.targets import TargetRules
from tocsin.domain.timings import Timings
from tocsin.probes.clock import RunClock
from tocsin.probes.faults import fault_in
from tocsin.probes.verdict import verdict

Secrets = Callable[[str], str]
"""From a secret's name to its value; raises when it cannot be had."""

Done = Callable[[CheckResult], None]


class Outcome(NamedTuple):
    """`failures` are why nothing could be judged; without any, the monitor's expectations decide about `facts`."""

    failures: tuple[Failure, ...] = ()
    facts: Facts = MappingProxyType({})
    timings: Timings = Timings()


class Probe(Protocol):
    """Makes the checks of one kind. It is made once per process, with `Tools`."""

    def start(self, attempt: "Attempt") -> None:
        """Begins, and returns at once. Ends by `attempt.end`, or is stopped by what was given to `attempt.on_stop`."""


class Attempt:
    """`done` is called once, unless the attempt is stopped before."""

    def __init__(self, monitor: Monitor, clock: RunClock, rules: TargetRules, secrets: Secrets, done: Done) -> None:
        self.monitor = monitor
        self.rules = rules
        self._clock = clock
        self._secrets = secrets
        self._done = done
        self._began = clock.seconds()
        self._hidden: set[str] = set()
        self._stop: Callable[[], None] = _nothing
        self._over = False

    def elapsed(self) -> float:
        """Seconds since the check began."""
        return self._clock.seconds() - self._began

    def left(self) -> timedelta:
        """Of the monitor's time-out; may be negative."""
        return self.monitor.timeout - timedelta(seconds=self.elapsed())

    def now(self) -> datetime:
        return self._clock.now()

    def secret(self, value: str | SecretRef) -> str:
        """What a reference stands for; shown nowhere from then on."""
        if isinstance(value, str):
            return value
        known = self._secrets(value.secret)
        self.hide(known)
        return known

    def hide(self, *words: str) -> None:
        """Words that must not show in any message of this check, in any of their spellings."""
        self._hidden.update(form for word in words if word for form in forms(word))

    def on_stop(self, stop: Callable[[], None]) -> None:
        """Replaces what was given before: how to let go of what this attempt holds now."""
        self._stop = stop

    def guard(self, step: Callable[..., None], *given: object) -> None:
        """Takes a step. What goes wrong in it is our fault, and must not end the other checks."""
        try:
            step(*given)
        except Exception as error:
            self.end(Outcome((fault_in(error),)))

    def stop(self) -> None:
        self._over = True
        self._stop()

    def end(self, outcome: Outcome) -> None:
        if self._over:
            return
        state, failures = verdict(self.monitor, outcome.failures, outcome.facts, outcome.timings)
        failures = tuple(map(self._shown, failures))
        result = CheckResult(
            monitor_id=self.monitor.monitor_id,
            checked_at=self._clock.stamp(),
            state=state,
            failures=failures,
            status=outcome.facts.get("status"),
            timings=outcome.timings,
            certificate_expires=outcome.facts.get("certificate_expires"),
        )
        # Not earlier: facts are found when they are looked at, and `guard` ends the attempt when that goes wrong.
        self._over = True
        self._stop = _nothing
        self._done(result)

    def _shown(self, failure: Failure) -> Failure:
        """Cut last: half a secret would not be known as one."""
        return failure.model_copy(update={"message": showable(masked(failure.message, self._hidden))})


def _nothing() -> None:
    return
