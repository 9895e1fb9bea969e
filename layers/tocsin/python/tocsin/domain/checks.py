"""What is checked, how, and what one execution of a check found."""

import hashlib
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field

from tocsin.domain.check_kinds import Check, DnsCheck, GrpcCheck, HeartbeatCheck, HttpCheck, StepsCheck
from tocsin.domain.expectations import Expectation, status_codes, unasked
from tocsin.domain.findings import unmet
from tocsin.domain.matchers import Op
from tocsin.domain.record import Instant, Record
from tocsin.domain.timings import Timings

SUCCESS = status_codes((200, 299))
"""Expected of HTTP where nothing is said about the status."""

NO_ERROR = unasked("rcode", Op.EQUALS, "NOERROR")
"""Expected of DNS where nothing is said about the rcode."""

ANSWERED = unasked("answers", Op.LENGTH, [{"op": "at_least", "value": 1}])
"""Expected of DNS where nothing is said about the answers, and no error is one of the rcodes expected."""

IS_SERVING = unasked("response", Op.EQUALS, "SERVING")
"""Expected of gRPC where nothing is said about the response."""


class CheckState(StrEnum):
    """Of one check. Inconclusive means that the fault is ours: it counts nowhere."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    INCONCLUSIVE = "inconclusive"


class Flapping(Record):
    """So many failures among the latest checks, apart from each other, are one outage and not many."""

    failures: int = Field(default=5, ge=3, le=20)
    of: int = Field(default=10, ge=5, le=20)


class Confirmation(Record):
    """How many checks in a row, in one region, until that region changes its mind. False is no flapping."""

    failures: int = Field(default=2, ge=1, le=10)
    recoveries: int = Field(default=2, ge=1, le=10)
    # Not None: stored records leave that out, and it would come back as the default.
    flapping: Flapping | Literal[False] = Field(default_factory=Flapping)


class Monitor(Record):
    """A check is down when an expectation of `expect` is not met, and degraded when one of `degraded_when` holds.

    `depends_on` are monitors: while one of them is down, this one is shown but nobody is told.
    """

    monitor_id: str
    service_id: str
    check: Check
    every: timedelta = timedelta(minutes=1)
    timeout: timedelta = timedelta(seconds=10)
    confirm: Confirmation = Field(default_factory=Confirmation)
    quorum: str | int = "majority"
    expect: tuple[Expectation, ...] = ()
    degraded_when: tuple[Expectation, ...] = ()
    depends_on: tuple[str, ...] = ()
    paused: bool = False

    @property
    def is_probed(self) -> bool:
        """Else it is a heartbeat: we are called."""
        return not isinstance(self.check, HeartbeatCheck)

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """With those that go without saying."""
        if isinstance(self.check, HttpCheck) and not self._expected("status"):
            return (SUCCESS, *self.expect)
        if isinstance(self.check, GrpcCheck) and not self._expected("response"):
            return (IS_SERVING, *self.expect)
        if isinstance(self.check, DnsCheck):
            return (*self._unsaid_of_dns(), *self.expect)
        return self.expect

    def looks_at(self, fact: str, path: str = "") -> bool:
        """Whether anything is expected of this, here or in a step."""
        steps = self.check.steps if isinstance(self.check, StepsCheck) else ()
        expected = (*self.expect, *self.degraded_when, *(each for step in steps for each in step.expect))
        return any((each.fact, each.path) == (fact, path) for each in expected)

    def _unsaid_of_dns(self) -> tuple[Expectation, ...]:
        rcodes = self._expected("rcode")
        unsaid = () if rcodes else (NO_ERROR,)
        may_be_empty = self._expected("answers") or unmet(rcodes, {"rcode": "NOERROR"})
        return unsaid if may_be_empty else (*unsaid, ANSWERED)

    def _expected(self, fact: str) -> tuple[Expectation, ...]:
        return tuple(each for each in self.expect if each.fact == fact)


class Shard(Record):
    """At most 250 monitors that one region checks in one invocation. `witnesses` are URLs."""

    region: str
    shard_id: str
    monitors: tuple[Monitor, ...]
    allow_private_targets: bool = False
    witnesses: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for as long as the shard is."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class Failure(Record):
    """`expect` is what was expected and not met: on the way `lookup`, `address`, `connect`, `tls`, `certificate`,
    `auth`, `redirects`, `size` or `timeout`, then the name of a fact, or `save` in a step; `checker` when the fault is
    ours (inconclusive).
    """

    expect: str
    message: str


class CheckResult(Record):
    """`checked_at` is when the check ended, in whole milliseconds."""

    monitor_id: str
    checked_at: Instant
    state: CheckState
    failures: tuple[Failure, ...] = ()
    status: int | None = None
    timings: Timings = Field(default_factory=Timings)
    certificate_expires: Instant | None = None

    # `failures` of a degraded check are what made it so.

    @property
    def message(self) -> str:
        return "; ".join(failure.message for failure in self.failures)
