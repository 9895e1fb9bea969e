"""What may stand under `monitors`."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, ValidatorFunctionWrapHandler, WithJsonSchema, WrapValidator

from tocsin.cli.file.check_shapes import Dns, Domain, Grpc, Mail, Ssh, Tcp, Tls, Udp, WebSocket
from tocsin.cli.file.entry import Entry, unsaid
from tocsin.cli.file.expect_shape import ExpectEntry
from tocsin.cli.file.heartbeat_shape import HeartbeatEntry
from tocsin.cli.file.http_shape import Http, StepEntry, steps_check
from tocsin.cli.file.text_values import Id
from tocsin.cli.file.time_values import Duration, Lasting
from tocsin.cli.file.wording import nearest, shown, wrong
from tocsin.domain.check_kinds import Check

QUORUMS = ("majority", "all", "any")
DEFAULT_TIMEOUT = timedelta(seconds=10)
DEFAULT_EVERY = timedelta(minutes=1)
EVERY = {"tls": timedelta(hours=1), "domain": timedelta(hours=6)}
"""Where a minute would find nothing new."""


def default_every(kind: str) -> timedelta:
    """Of a monitor that says nothing about it."""
    return EVERY.get(kind, DEFAULT_EVERY)


def default_timeout(every: timedelta) -> timedelta:
    """Of a monitor that names none."""
    return min(DEFAULT_TIMEOUT, every / 2)


def _quorum(value: Any) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    if value in QUORUMS:
        return str(value)
    hint = nearest(value, QUORUMS) if isinstance(value, str) else "choose from `majority`, `all`, `any`, or a number"
    raise wrong(f"{shown(value)} is not a quorum; {hint}")


Quorum = Annotated[
    str | int,
    BeforeValidator(_quorum),
    WithJsonSchema({"anyOf": [{"enum": list(QUORUMS)}, {"type": "integer", "minimum": 1}]}),
]


class FlappingEntry(Entry):
    failures: Annotated[int, Field(ge=3, le=20)] = 5
    of: Annotated[int, Field(ge=5, le=20)] = 10
    """The latest checks of one region."""


def _unless_false(value: Any, inner: ValidatorFunctionWrapHandler) -> Any:
    if value is None:
        raise wrong("is empty; write `false` to count no flapping, or leave it out")
    return None if value is False else inner(value)


Flapping = Annotated[
    FlappingEntry | None, WrapValidator(_unless_false, json_schema_input_type=FlappingEntry | Literal[False])
]


class ConfirmEntry(Entry):
    failures: Annotated[int, Field(ge=1, le=10)] = 2
    recoveries: Annotated[int, Field(ge=1, le=10)] = 2
    flapping: Flapping = FlappingEntry()
    """So many failures among the latest checks, apart from each other, are one outage; `false` leaves this out."""


class MonitorEntry(Entry):
    """Exactly one kind of check, and its circumstances."""

    # `crossing` sees to the "exactly one", so that everything else that is wrong is told with it.
    model_config = ConfigDict(json_schema_extra=lambda schema: schema.update(oneOf=_one_kind()))

    service: Id
    http: Http = unsaid()
    """A URL, or a request in full."""
    tcp: Tcp = unsaid()
    """`host:port`, or a dialogue."""
    tls: Tls = unsaid()
    """A certificate, by `host` or `host:port`."""
    dns: Dns = unsaid()
    """A name, for its A records, or a question in full."""
    smtp: Mail = unsaid()
    imap: Mail = unsaid()
    pop3: Mail = unsaid()
    ssh: Ssh = unsaid()
    websocket: WebSocket = unsaid()
    grpc: Grpc = unsaid()
    """The standard health service at `host:port`."""
    udp: Udp = unsaid()
    """A datagram to `host:port`, and its answer."""
    domain: Domain = unsaid()
    """How long a domain is registered for."""
    steps: Annotated[list[StepEntry], Field(min_length=1, max_length=20)] = unsaid()
    """Several HTTP requests, one after the other."""
    heartbeat: HeartbeatEntry = unsaid()
    """Calls that are expected; nothing is checked."""
    every: Annotated[Duration, Lasting("10s", "1 day")] = unsaid()
    """A minute when left out; an hour for `tls`, six for `domain`."""
    timeout: Annotated[Duration, Lasting("100ms", "30s")] | None = None
    """10 seconds when left out, or half of `every` where that is less."""
    confirm: ConfirmEntry = ConfirmEntry()
    """How many checks in a row, in one region, until that region changes its mind."""
    quorum: Quorum = "majority"
    """How many of the regions that answered must say that it is down."""
    expect: ExpectEntry = ExpectEntry()
    """The check is down when one of these does not hold."""
    degraded: ExpectEntry = ExpectEntry()
    """The check is degraded when one of these holds."""
    depends_on: Annotated[list[Id], Field(max_length=20)] = Field(default_factory=list)
    """Monitors: while one of them is down, nobody is told of this one."""
    paused: bool = False
    """Not checked, and nobody is told, until this is taken out again."""

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def interval(self) -> timedelta:
        """The one in force."""
        return self.every or default_every(self.kind)

    @property
    def allowed(self) -> timedelta:
        """The time-out in force."""
        return self.timeout or default_timeout(self.interval)

    def check(self) -> Check:
        return KINDS[self.kind](self)


KINDS: Mapping[str, Callable[[MonitorEntry], Check]] = {
    "http": lambda monitor: monitor.http.check(),
    "tcp": lambda monitor: monitor.tcp.check(),
    "tls": lambda monitor: monitor.tls.check(),
    "dns": lambda monitor: monitor.dns.check(),
    "smtp": lambda monitor: monitor.smtp.check("smtp"),
    "imap": lambda monitor: monitor.imap.check("imap"),
    "pop3": lambda monitor: monitor.pop3.check("pop3"),
    "ssh": lambda monitor: monitor.ssh.check(),
    "websocket": lambda monitor: monitor.websocket.check(receive=bool(monitor.expect.response)),
    "grpc": lambda monitor: monitor.grpc.check(),
    "udp": lambda monitor: monitor.udp.check(),
    "domain": lambda monitor: monitor.domain.check(),
    "steps": lambda monitor: steps_check(monitor.steps),
    "heartbeat": lambda monitor: monitor.heartbeat.check(),
}
"""What can be checked, and the check that a monitor of each kind makes."""


def _one_kind() -> list[dict[str, list[str]]]:
    return [{"required": [kind]} for kind in KINDS]
