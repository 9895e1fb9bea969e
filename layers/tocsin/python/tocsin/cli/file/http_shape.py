"""What may stand under `http`, and under `steps`."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from tocsin.cli.file.address_values import Address, Url
from tocsin.cli.file.entry import Entry, OneOf, unsaid
from tocsin.cli.file.expect_shape import ExpectEntry
from tocsin.cli.file.secret_values import HeaderValue, Secret
from tocsin.cli.file.size_values import Size
from tocsin.cli.file.text_values import Choice, HeaderName, HttpVersion, JmesPath, Name, VariableName
from tocsin.domain.check_kinds import (
    Auth,
    BasicAuth,
    BearerAuth,
    ClientCertificate,
    HttpCheck,
    OAuth2Auth,
    Step,
    StepsCheck,
)

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
Headers = Annotated[dict[HeaderName, HeaderValue], Field(max_length=30)]


def bare_url(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


class BasicEntry(Entry):
    username: Annotated[str, Field(min_length=1, max_length=200)]
    password: Secret

    def auth(self) -> Auth:
        return BasicAuth(username=self.username, password=self.password.reference())


class OAuth2Entry(Entry):
    """Client credentials; a token is used until it expires."""

    token_url: Url
    client_id: Annotated[str, Field(min_length=1, max_length=500)]
    client_secret: Secret
    scope: str = ""
    audience: str = ""

    def auth(self) -> Auth:
        return OAuth2Auth(**self.model_dump(exclude={"client_secret"}), client_secret=self.client_secret.reference())


class AuthEntry(OneOf):
    advice = "keep one"

    basic: BasicEntry | None = None
    bearer: Secret | None = None
    oauth2: OAuth2Entry | None = None

    def auth(self) -> Auth:
        made: Auth = BearerAuth(token=self.bearer.reference()) if self.bearer else self.value.auth()
        return made


class ClientCertificateEntry(Entry):
    """Mutual TLS; both are PEM."""

    certificate: Secret
    key: Secret

    def record(self) -> ClientCertificate:
        return ClientCertificate(certificate=self.certificate.reference(), key=self.key.reference())


class HttpEntry(Entry):
    url: Url
    method: Annotated[str, Choice(METHODS)] = "GET"
    headers: Headers = Field(default_factory=dict)
    """Sent with every request; a value that is a secret is `{secret: NAME}`."""
    body: Annotated[str, Field(max_length=16384)] | None = None
    follow_redirects: Annotated[int, Field(ge=0, le=20)] = 10
    """How many; 0 takes the first answer as it is."""
    auth: AuthEntry = unsaid()
    client_certificate: ClientCertificateEntry = unsaid()
    version: HttpVersion = unsaid()
    """What the server prefers when left out."""
    resolver: Address = unsaid()
    """The name server to ask."""
    body_limit: Size = 1024 * 1024
    """More is not read, after decompression."""

    def check(self) -> HttpCheck:
        return HttpCheck(
            **self.model_dump(exclude={"auth", "client_certificate", "headers"}),
            headers=self.headers,
            auth=self.auth.auth() if self.auth else None,
            client_certificate=self.client_certificate.record() if self.client_certificate else None,
        )


Http = Annotated[HttpEntry, BeforeValidator(bare_url, json_schema_input_type=Url | HttpEntry)]


class StepEntry(Entry):
    name: Name
    http: Http
    """A URL, or a request in full; `{{name}}` is what an earlier step saved."""
    expect: ExpectEntry = ExpectEntry()
    save: Annotated[dict[VariableName, JmesPath], Field(max_length=20)] = Field(default_factory=dict)
    """From a name to the JMESPath of its value, over `status`, `headers`, `json` and `body`."""

    def step(self) -> Step:
        return Step(name=self.name, http=self.http.check(), expect=self.expect.expectations(), save=self.save)


def steps_check(entries: list[StepEntry]) -> StepsCheck:
    return StepsCheck(steps=tuple(entry.step() for entry in entries))
