"""An attempt ends once, whatever goes wrong in what was found."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.support.builders import NOON, a_monitor
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.targets import TargetRules
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.clock import RunClock


class Unreadable(Mapping[str, Any]):
    """Facts of which one cannot be read."""

    def __init__(self, broken: str) -> None:
        self._broken = broken

    def __getitem__(self, fact: str) -> Any:
        if fact == self._broken:
            raise ArithmeticError("it cannot be read")
        return {"status": 200}[fact]

    def __iter__(self) -> Iterator[str]:
        return iter(["status"])

    def __len__(self) -> int:
        return 1


@pytest.mark.parametrize("broken", ["status", "certificate_expires"])
def test_facts_that_cannot_be_read_are_our_fault(broken: str) -> None:
    results: list[CheckResult] = []
    attempt = Attempt(a_monitor(), RunClock(NOON), TargetRules(), lambda name: name, results.append)

    attempt.guard(attempt.end, Outcome(facts=Unreadable(broken)))

    assert [result.state for result in results] == [CheckState.INCONCLUSIVE]
