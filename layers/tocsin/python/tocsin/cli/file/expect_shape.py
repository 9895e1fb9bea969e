"""What may stand under `expect` and `degraded`, and the expectations that it stands for."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from tocsin.cli.file.entry import Entry, unsaid
from tocsin.cli.file.matcher_shape import (
    HeaderText,
    JsonValue,
    LatencyValue,
    ListMatcher,
    MatcherEntry,
    TextList,
    TextMatcher,
    TextValue,
    ValidFor,
    VersionValue,
)
from tocsin.cli.file.text_values import HeaderName, JmesPath, Status
from tocsin.domain.expectations import Expectation, status_codes


def as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Statuses = Annotated[list[Status], Field(min_length=1, max_length=100)]
Texts = Annotated[
    list[TextValue],
    Field(min_length=1, max_length=20),
    BeforeValidator(as_list, json_schema_input_type=str | TextMatcher | list[TextValue]),
]


class CertificateEntry(Entry):
    valid_for: ValidFor = unsaid()
    """The server's own certificate and the chain that vouches for it."""
    all_valid_for: ValidFor = unsaid()
    """Every certificate that the server sends."""
    issuer: TextValue = unsaid()
    protocol: TextValue = unsaid()
    """As in `TLSv1.3`."""
    names: TextList = unsaid()
    """The hosts that it is for."""


class RegistrationEntry(Entry):
    valid_for: ValidFor = unsaid()
    registrar: TextValue = unsaid()
    status: TextList = unsaid()
    """As the registry says it: `client transfer prohibited`."""


class ExpectEntry(Entry):
    """Each kind of check finds some of these."""

    status: Annotated[Statuses, BeforeValidator(as_list, json_schema_input_type=Status | Statuses)] = unsaid()
    """200-299 when left out."""
    body: Texts = unsaid()
    """All of them must hold."""
    json_: Annotated[dict[JmesPath, JsonValue], Field(max_length=50)] = unsaid("json")
    """From a JMESPath to what it must find."""
    headers: Annotated[dict[HeaderName, HeaderText], Field(max_length=50)] = unsaid()
    latency: LatencyValue = unsaid()
    """From the beginning of the check to its end."""
    certificate: CertificateEntry = unsaid()
    http_version: VersionValue = unsaid()
    """`1.1` or `2`."""
    response: Texts = unsaid()
    """What any other protocol answered."""
    answers: TextList = unsaid()
    """The records that a name has, as the DNS writes them."""
    rcode: TextValue = unsaid()
    """As in `NOERROR`, which is expected when nothing is said."""
    registration: RegistrationEntry = unsaid()

    def expectations(self) -> tuple[Expectation, ...]:
        status = [status_codes(*self.status)] if self.status else []
        return (*status, *(each for said in self._said() for each in _expected(*said)))

    def _said(self) -> Iterator[tuple[str, str, MatcherEntry]]:
        """Fact, path and what must hold there."""
        for fact, entries in (("body", self.body), ("response", self.response)):
            yield from ((fact, "", entry) for entry in entries or ())
        yield from (("json", path, entry) for path, entry in (self.json_ or {}).items())
        yield from (("headers", name.lower(), entry) for name, entry in (self.headers or {}).items())
        for fact in ("latency", "http_version", "answers", "rcode"):
            yield from ((fact, "", entry) for entry in (getattr(self, fact),) if entry)
        for fact, parts in (("certificate", self.certificate), ("registration", self.registration)):
            yield from ((fact, path, entry) for path, entry in parts or () if entry)


def _expected(fact: str, path: str, entry: MatcherEntry) -> Iterator[Expectation]:
    if isinstance(entry, ListMatcher):
        return entry.expectations(fact, path)
    return iter((Expectation(fact=fact, path=path, matchers=entry.matchers()),))
