"""HTTP and HTTPS checks: from the first request, by way of redirects, to the result."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from pathlib import Path

from tocsin.domain.checks import CheckResult, CheckState, Failure, Monitor, Timings
from tocsin.domain.expectations import HttpAnswer, unmet
from tocsin.domain.hops import Hop, first_hop, is_redirect, masked, next_hop, secrets_of
from tocsin.domain.targets import TargetRules
from tocsin.probes.clock import RunClock
from tocsin.probes.faults import our_fault
from tocsin.probes.http_failures import Trouble, describe
from tocsin.probes.http_transfer import Answered, HttpTransfer
from tocsin.probes.lookup import Lookup, Lookups
from tocsin.probes.resolve import Addresses
from tocsin.probes.time_limit import TooSlowError, time_limit
from tocsin.probes.transfers import Transfers

JUDGING_LIMIT = timedelta(milliseconds=250)
"""What regular expressions may take to judge one answer: they can take for ever."""

Done = Callable[[CheckResult], None]

_NO_TIMINGS = Timings()


class HttpProbe:
    """Makes the HTTP checks of this process."""

    def __init__(self, lookups: Lookups, transfers: Transfers, authorities: Path) -> None:
        self.lookups = lookups
        self.transfers = transfers
        self.authorities = authorities

    def prepare(self, monitor: Monitor, clock: RunClock, rules: TargetRules, done: Done) -> "HttpCheck":
        return HttpCheck(self, monitor, clock, rules, done)


class HttpCheck:
    """One check. `done` is called once, unless it is stopped before."""

    def __init__(self, probe: HttpProbe, monitor: Monitor, clock: RunClock, rules: TargetRules, done: Done) -> None:
        self._probe = probe
        self._monitor = monitor
        self._clock = clock
        self._rules = rules
        self._done = done
        self._began = clock.seconds()
        self._redirects = 0
        self._looked_up_at = 0.0
        self._step: Lookup | HttpTransfer

    def start(self) -> None:
        self._safely(self._begin)

    def stop(self) -> None:
        self._step.stop()

    def _begin(self) -> None:
        try:
            hop = first_hop(self._monitor.http)
        except ValueError as error:
            self._end(Failure(expect="address", message=f"The URL cannot be used: {error}"))
        else:
            self._send(hop)

    def _send(self, hop: Hop) -> None:
        self._hop = hop
        self._step = self._probe.lookups.find(hop.host, self._left(), self._looked_up)

    def _looked_up(self, found: Addresses | Failure) -> None:
        self._safely(self._end if isinstance(found, Failure) else self._connect, found)

    def _connect(self, addresses: Addresses) -> None:
        self._looked_up_at = self._elapsed()
        self._step = transfer = HttpTransfer(self._hop, addresses, self._left(), self._rules, self._took)
        transfer.start(self._probe.transfers, self._probe.authorities)

    def _elapsed(self) -> float:
        return self._clock.seconds() - self._began

    def _left(self) -> timedelta:
        return self._monitor.timeout - timedelta(seconds=self._elapsed())

    def _took(self, outcome: Answered | Trouble) -> None:
        self._safely(self._go_on, outcome)

    def _safely(self, step: Callable[..., None], *given: object) -> None:
        """What goes wrong here is our fault, and must not end the other checks."""
        try:
            step(*given)
        except Exception as error:
            self._end(our_fault(f"{type(error).__name__}: {error}"))

    def _go_on(self, outcome: Answered | Trouble) -> None:
        timings = _shifted(outcome.timings, self._looked_up_at)
        if isinstance(outcome, Trouble):
            self._end(describe(outcome._replace(timings=timings, limit=self._monitor.timeout)), timings=timings)
        elif self._is_followed(outcome):
            self._follow(outcome, timings)
        else:
            self._judge(outcome, timings)

    def _is_followed(self, answer: Answered) -> bool:
        return self._monitor.http.follow_redirects > 0 and is_redirect(answer.status, answer.location)

    def _follow(self, answer: Answered, timings: Timings) -> None:
        following = next_hop(self._hop, answer.status, answer.location or "")
        self._redirects += 1
        if isinstance(following, Hop) and self._redirects > self._monitor.http.follow_redirects:
            times = f"{self._monitor.http.follow_redirects} times"
            following = Failure(
                expect="redirects", message=f"Redirected more than {times}; the last one leads to {following.shown}"
            )
        if isinstance(following, Failure):
            self._end(following, status=answer.status, timings=timings)
        else:
            self._send(following)

    def _judge(self, answer: Answered, timings: Timings) -> None:
        found = HttpAnswer(answer.status, answer.body, timings)
        try:
            with time_limit(JUDGING_LIMIT) if self._has_patterns() else nullcontext():
                failures = unmet(self._monitor.expect, found)
        except TooSlowError:
            failures = (
                our_fault("the expectations of the body take too long to evaluate; a simpler pattern is needed"),
            )
        except re.error as error:
            failures = (our_fault(f"an expectation is not a regular expression: {error}"),)
        self._end(*failures, status=answer.status, timings=timings, expires=answer.certificate_expires)

    def _has_patterns(self) -> bool:
        return any(rule.matches for rule in self._monitor.expect.body)

    def _end(
        self,
        *failures: Failure,
        status: int | None = None,
        timings: Timings = _NO_TIMINGS,
        expires: datetime | None = None,
    ) -> None:
        secrets = secrets_of(self._monitor.http) if failures else ()
        result = CheckResult(
            monitor_id=self._monitor.monitor_id,
            checked_at=self._clock.stamp(),
            state=_state(failures),
            failures=tuple(Failure(expect=each.expect, message=masked(each.message, secrets)) for each in failures),
            status=status,
            timings=timings,
            certificate_expires=expires,
        )
        self._done(result)


def _state(failures: tuple[Failure, ...]) -> CheckState:
    if any(failure.expect == "checker" for failure in failures):
        return CheckState.INCONCLUSIVE
    return CheckState.DOWN if failures else CheckState.UP


def _shifted(timings: Timings, lookup: float) -> Timings:
    """Curl counts from the end of the lookup, we from the beginning of the check; `lookup` is in seconds."""
    ends = {name: None if end is None else round(end + lookup * 1000, 1) for name, end in timings}
    return Timings.model_validate(ends | {"lookup": round(lookup * 1000, 1)})
