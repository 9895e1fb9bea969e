"""What may stand under `monitors`."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from tocsin.cli.file.entry import Entry, OneOf
from tocsin.cli.file.problems import Path
from tocsin.cli.file.text_values import Choice, HeaderName, HeaderValue, Id, RegularExpression, Status, Url
from tocsin.cli.file.time_values import Duration, Lasting, spelled
from tocsin.cli.file.wording import nearest, shown, wrong, wrong_parts

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
QUORUMS = ("majority", "all", "any")
LONGEST_TIMEOUT = timedelta(seconds=10)
SECRET_HEADERS = re.compile(r"^(proxy-)?authorization$|^cookie$|api-?key|secret|token|password", re.IGNORECASE)


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
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict)
    """Sent with every request. No secrets."""
    body: Annotated[str, Field(max_length=16384)] | None = None
    follow_redirects: Annotated[int, Field(ge=0, le=20)] = 10
    """How many; 0 takes the first answer as it is."""

    @model_validator(mode="after")
    def _has_no_secrets(self) -> Self:
        secret = [name for name in self.headers if SECRET_HEADERS.search(name)]
        if secret:
            raise wrong_parts((("headers", name), "holds a secret; secrets are never in the file") for name in secret)
        return self


class BodyRuleEntry(OneOf):
    contains: Annotated[str, Field(min_length=1)] | None = None
    excludes: Annotated[str, Field(min_length=1)] | None = None
    matches: RegularExpression | None = None
    """A regular expression, searched for."""


class LatencyEntry(Entry):
    below: Annotated[Duration, Lasting("1ms", "1m")]
    """A slower answer is a failure."""


class ExpectEntry(Entry):
    status: Annotated[
        list[Status],
        Field(min_length=1),
        BeforeValidator(_as_list, json_schema_input_type=Status | Annotated[list[Status], Field(min_length=1)]),
    ] = Field(default_factory=list)
    """200-299 when left out."""
    body: Annotated[
        list[BodyRuleEntry], BeforeValidator(_as_list, json_schema_input_type=BodyRuleEntry | list[BodyRuleEntry])
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
    every: Annotated[Duration, Lasting("10s", "1 day")] = timedelta(minutes=1)
    timeout: Annotated[Duration, Lasting("100ms", "60s")] | None = None
    """10 seconds when left out, or half of `every` if that is less."""
    confirm: ConfirmEntry = ConfirmEntry()
    """How many checks in a row, in one region, until that region changes its mind."""
    quorum: Quorum = "majority"
    """How many of the regions that answered must say that it is down."""
    expect: ExpectEntry = ExpectEntry()

    @property
    def allowed(self) -> timedelta:
        """The time-out in force."""
        return self.timeout or min(LONGEST_TIMEOUT, self.every / 2)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = list(self._faults())
        if faults:
            raise wrong_parts(faults)
        return self

    def _faults(self) -> Iterator[tuple[Path, str]]:
        if self.allowed >= self.every:
            yield ("timeout",), f"must be shorter than `every` ({spelled(self.every)}); it is {spelled(self.allowed)}"
        if self.expect.latency and self.expect.latency.below >= self.allowed:
            yield (
                ("expect", "latency", "below"),
                f"never decides; make it shorter than the timeout ({spelled(self.allowed)})",
            )
        if self.expect.body and self.http.method == "HEAD":
            yield ("expect", "body"), "never holds, since HEAD answers without a body; use GET"
