"""From what was found to the state of a check."""

import re
from datetime import timedelta

from tocsin.domain.checks import CheckState, Failure, Monitor
from tocsin.domain.expectations import Facts
from tocsin.domain.findings import met, unmet
from tocsin.domain.matchers import MISSING
from tocsin.domain.timings import Timings
from tocsin.probes.faults import no_expression, too_slow_to_judge
from tocsin.probes.time_limit import TooSlowError, time_limit

JUDGING_LIMIT = timedelta(milliseconds=250)
"""What regular expressions may take to judge one answer: they can take for ever."""

_NUMBERS = {"status", "latency"}
"""They are judged in no time, so nobody has to watch the clock."""

Verdict = tuple[CheckState, tuple[Failure, ...]]


def verdict(monitor: Monitor, failures: tuple[Failure, ...], facts: Facts, timings: Timings) -> Verdict:
    """The state, and what makes it so: with failures there was nothing to judge."""
    if failures:
        return _of(failures), failures
    measured = {"timings": timings, **({} if timings.total is None else {"latency": timings.total / 1000})}
    if all(each.fact in _NUMBERS for each in (*monitor.expect, *monitor.degraded_when)):
        # The body is read when there is something to say: a message quotes it.
        judged = _judged(monitor, {**measured, "status": facts.get("status", MISSING)})
        return _judged(monitor, {**measured, **facts}) if judged[1] else judged
    known = {**measured, **facts}
    try:
        with time_limit(JUDGING_LIMIT):
            return _judged(monitor, known)
    except TooSlowError:
        fault = too_slow_to_judge()
    except re.error as error:
        fault = no_expression(error)
    return CheckState.INCONCLUSIVE, (fault,)


def _judged(monitor: Monitor, facts: Facts) -> Verdict:
    failures = tuple(Failure(**each._asdict()) for each in unmet(monitor.expectations, facts))
    if failures:
        return CheckState.DOWN, failures
    reasons = tuple(Failure(**each._asdict()) for each in met(monitor.degraded_when, facts))
    return (CheckState.DEGRADED, reasons) if reasons else (CheckState.UP, ())


def _of(failures: tuple[Failure, ...]) -> CheckState:
    return CheckState.INCONCLUSIVE if any(each.expect == "checker" for each in failures) else CheckState.DOWN
