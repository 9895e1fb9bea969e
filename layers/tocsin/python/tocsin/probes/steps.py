"""Several HTTP requests, one after the other, each judged by its own expectations. They share values, not cookies."""

from functools import partial

from tocsin.domain.check_kinds import Step, StepsCheck
from tocsin.domain.checks import Failure
from tocsin.domain.expectations import Facts
from tocsin.domain.steps import filled, saved, secret_values
from tocsin.domain.timings import Timings
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.http import facts_of
from tocsin.probes.tools import Tools
from tocsin.probes.verdict import verdict
from tocsin.probes.web.exchange import Exchanged
from tocsin.probes.web.request import HttpRequest


class StepsProbe:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def start(self, attempt: Attempt) -> None:
        assert isinstance(attempt.monitor.check, StepsCheck)  # noqa: S101 -- the row of its kind leads here
        _Walk(self._tools, attempt, attempt.monitor.check).begin()


class _Walk:
    """One check's way through its steps. All of them together have the time of one check."""

    def __init__(self, tools: Tools, attempt: Attempt, check: StepsCheck) -> None:
        self._tools = tools
        self._attempt = attempt
        self._steps = list(check.steps)
        self._values: dict[str, str] = {}
        self._timings = Timings(total=0)
        self._facts: Facts = {}

    def begin(self) -> None:
        if not self._steps:
            self._attempt.end(Outcome(facts=self._facts, timings=self._timings))
            return
        step = self._steps.pop(0)
        request = filled(step.http, self._values)
        if isinstance(request, Failure):
            self._fail(step, request)
        else:
            HttpRequest(self._tools, self._attempt, request, partial(self._took, step)).begin()

    def _took(self, step: Step, exchanged: Exchanged) -> None:
        self._timings = _after(self._timings.total or 0, exchanged.timings)
        if exchanged.answer:
            self._facts = facts_of(exchanged.answer, self._tools.authorities, self._attempt.now())
        failures = exchanged.failures or self._unmet(step, exchanged.timings)
        if failures:
            self._fail(step, *failures)
        else:
            self._save(step)

    def _unmet(self, step: Step, timings: Timings) -> tuple[Failure, ...]:
        """As if the step were a monitor of its own."""
        alone = {"check": step.http, "expect": step.expect, "degraded_when": ()}
        return verdict(self._attempt.monitor.model_copy(update=alone), (), self._facts, timings)[1]

    def _save(self, step: Step) -> None:
        values = saved(step, self._facts)
        if isinstance(values, Failure):
            self._fail(step, values)
            return
        self._attempt.hide(*secret_values(values))
        self._values |= values
        self.begin()

    def _fail(self, step: Step, *failures: Failure) -> None:
        told = tuple(
            each.model_copy(update={"message": f'In the step "{step.name}": {each.message}'}) for each in failures
        )
        self._attempt.end(Outcome(told, self._facts, self._timings))


def _after(before: float, timings: Timings) -> Timings:
    """In milliseconds. Phases are of one request: of several, only how long they took together is known."""
    return Timings(total=round(before + timings.total, 1)) if before and timings.total is not None else timings
