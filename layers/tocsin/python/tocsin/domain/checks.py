"""What is checked, how, and what one execution of a check found."""

from datetime import timedelta
from enum import StrEnum

from pydantic import Field

from tocsin.domain.record import Instant, Record


class CheckState(StrEnum):
    UP = "up"
    DOWN = "down"
    INCONCLUSIVE = "inconclusive"


class StatusRange(Record):
    """HTTP status codes from `first` to `last`, both included."""

    first: int
    last: int


class BodyRule(Record):
    """Exactly one of the three is set. `matches` is a regular expression, searched for."""

    contains: str | None = None
    excludes: str | None = None
    matches: str | None = None


class HttpRequest(Record):
    url: str
    method: str = "GET"
    headers: dict[str, str] = Field(default_factory=dict)
    body: str | None = None
    follow_redirects: int = 10


class HttpExpectations(Record):
    status: tuple[StatusRange, ...] = Field(default_factory=lambda: (StatusRange(first=200, last=299),))
    body: tuple[BodyRule, ...] = ()
    latency_below: timedelta | None = None


class Confirmation(Record):
    """How many checks in a row, in one region, until that region changes its mind."""

    failures: int = Field(default=2, ge=1, le=10)
    recoveries: int = Field(default=2, ge=1, le=10)


class Monitor(Record):
    monitor_id: str
    service_id: str
    http: HttpRequest
    every: timedelta = timedelta(minutes=1)
    timeout: timedelta = timedelta(seconds=10)
    confirm: Confirmation = Field(default_factory=Confirmation)
    quorum: str | int = "majority"
    expect: HttpExpectations = Field(default_factory=HttpExpectations)


class Shard(Record):
    """At most 250 monitors that one region checks in one invocation."""

    region: str
    shard_id: str
    monitors: tuple[Monitor, ...]
    allow_private_targets: bool = False


class Failure(Record):
    """`expect` is what was expected and not met: `lookup`, `address`, `connect`, `tls`, `certificate`, `response`,
    `redirects`, `size`, `timeout`, `status`, `body` or `latency`; `checker` when the fault is ours (inconclusive).
    """

    expect: str
    message: str


class Timings(Record):
    """Milliseconds since the check began; None for a phase that was not reached."""

    lookup: float | None = None
    connect: float | None = None
    tls: float | None = None
    first_byte: float | None = None
    total: float | None = None


class CheckResult(Record):
    """`checked_at` is when the check ended, in whole milliseconds."""

    monitor_id: str
    checked_at: Instant
    state: CheckState
    failures: tuple[Failure, ...] = ()
    status: int | None = None
    timings: Timings = Field(default_factory=Timings)
    certificate_expires: Instant | None = None

    @property
    def message(self) -> str:
        return "; ".join(failure.message for failure in self.failures)
