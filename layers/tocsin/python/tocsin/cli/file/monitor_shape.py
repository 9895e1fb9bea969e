"""What may stand under `monitors`."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from tocsin.cli.file.entry import Entry, OneOf
from tocsin.cli.file.text_values import Choice, HeaderName, HeaderValue, Id, RegularExpression, Status, Url
from tocsin.cli.file.time_values import Duration, Lasting
from tocsin.cli.file.wording import nearest, shown, wrong

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
QUORUMS = ("majority", "all", "any")
DEFAULT_EVERY = timedelta(minutes=1)
DEFAULT_TIMEOUT = timedelta(seconds=10)


def default_timeout(every: timedelta) -> timedelta:
    """Of a monitor that names none."""
    return min(DEFAULT_TIMEOUT, every / 2)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _bare_url(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


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


class HttpEntry(Entry):
    url: Url
    method: Annotated[str, Choice(METHODS)] = "GET"
    headers: Annotated[dict[HeaderName, HeaderValue], Field(max_length=30)] = Field(default_factory=dict)
    """Sent with every request. No secrets."""
    body: Annotated[str, Field(max_length=16384)] | None = None
    follow_redirects: Annotated[int, Field(ge=0, le=20)] = 10
    """How many; 0 takes the first answer as it is."""


class BodyRuleEntry(OneOf):
    contains: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    excludes: Annotated[str, Field(min_length=1, max_length=1000)] | None = None
    matches: RegularExpression | None = None
    """A regular expression, searched for."""


class LatencyEntry(Entry):
    below: Annotated[Duration, Lasting("1ms", "30s")]
    """A slower answer is a failure."""


class ExpectEntry(Entry):
    status: Annotated[
        list[Status],
        Field(min_length=1),
        BeforeValidator(_as_list, json_schema_input_type=Status | Annotated[list[Status], Field(min_length=1)]),
    ] = Field(default_factory=list)
    """200-299 when left out."""
    body: Annotated[
        list[BodyRuleEntry],
        Field(max_length=20),
        BeforeValidator(_as_list, json_schema_input_type=BodyRuleEntry | list[BodyRuleEntry]),
    ] = Field(default_factory=list)
    """All of them must hold."""
    latency: LatencyEntry | None = None


class ConfirmEntry(Entry):
    failures: Annotated[int, Field(ge=1, le=10)] = 2
    recoveries: Annotated[int, Field(ge=1, le=10)] = 2


class MonitorEntry(Entry):
    service: Id
    http: Annotated[HttpEntry, BeforeValidator(_bare_url, json_schema_input_type=Url | HttpEntry)]
    """A URL, or a request in full."""
    every: Annotated[Duration, Lasting("10s", "1 day")] = DEFAULT_EVERY
    timeout: Annotated[Duration, Lasting("100ms", "30s")] | None = None
    """10 seconds when left out, or half of `every` where that is less."""
    confirm: ConfirmEntry = ConfirmEntry()
    """How many checks in a row, in one region, until that region changes its mind."""
    quorum: Quorum = "majority"
    """How many of the regions that answered must say that it is down."""
    expect: ExpectEntry = ExpectEntry()

    @property
    def allowed(self) -> timedelta:
        """The time-out in force."""
        return self.timeout or default_timeout(self.every)
