"""What can be checked: one record per kind. `kind` is the key in the file; `probes/` has a probe for each.

A place is `host:port`, an IPv6 address in brackets. What may be secret is a SecretRef, never text.
"""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from tocsin.domain.expectations import Expectation
from tocsin.domain.record import Record


class SecretRef(Record):
    """The name of an entry in the home region's Secrets Manager, below `tocsin/`."""

    secret: str


class BasicAuth(Record):
    kind: Literal["basic"] = "basic"
    username: str
    password: SecretRef


class BearerAuth(Record):
    kind: Literal["bearer"] = "bearer"
    token: SecretRef


class OAuth2Auth(Record):
    """Client credentials: a token is fetched from `token_url` and reused until it expires."""

    kind: Literal["oauth2"] = "oauth2"
    token_url: str
    client_id: str
    client_secret: SecretRef
    scope: str = ""
    audience: str = ""


Auth = Annotated[BasicAuth | BearerAuth | OAuth2Auth, Field(discriminator="kind")]


class ClientCertificate(Record):
    """Mutual TLS: both as PEM."""

    certificate: SecretRef
    key: SecretRef


class HttpCheck(Record):
    """`version` is `1.1` or `2`; None means whatever the server prefers. `resolver` is a name server's address.

    `body_limit` is in bytes, after decompression.
    """

    kind: Literal["http"] = "http"
    url: str
    method: str = "GET"
    headers: dict[str, str | SecretRef] = Field(default_factory=dict)
    body: str | None = None
    follow_redirects: int = 10
    auth: Auth | None = None
    client_certificate: ClientCertificate | None = None
    version: Literal["1.1", "2"] | None = None
    resolver: str | None = None
    body_limit: int = 1024 * 1024


class Exchange(Record):
    """One turn of a dialogue: exactly one of the three is set. `expect` is a regular expression, searched for."""

    send: str | None = None
    expect: str | None = None
    starttls: bool = False


class TcpCheck(Record):
    """Without a dialogue, that the connection (and with `tls` the handshake) succeeds is enough."""

    kind: Literal["tcp"] = "tcp"
    address: str
    tls: bool = False
    server_name: str | None = None
    dialogue: tuple[Exchange, ...] = ()


class TlsCheck(Record):
    kind: Literal["tls"] = "tls"
    address: str
    server_name: str | None = None


class DnsCheck(Record):
    """`server` is `host` or `host:port`; None asks the system's. `record_type` as in `MX`."""

    kind: Literal["dns"] = "dns"
    name: str
    record_type: str = "A"
    server: str | None = None


class MailCheck(Record):
    """That a mail server greets, secures the connection as asked, and takes its leave."""

    kind: Literal["smtp", "imap", "pop3"]
    address: str
    security: Literal["none", "starttls", "tls"] = "none"
    server_name: str | None = None


class SshCheck(Record):
    """That the server says who it is; its banner is the fact `response`."""

    kind: Literal["ssh"] = "ssh"
    address: str


class WebSocketCheck(Record):
    """An upgrade; then `send`, if set, and the first message that comes back is the fact `response`."""

    kind: Literal["websocket"] = "websocket"
    url: str
    headers: dict[str, str | SecretRef] = Field(default_factory=dict)
    subprotocol: str | None = None
    send: str | None = None
    receive: bool = False


class GrpcCheck(Record):
    """The standard health service; `service` may be empty, for the server as a whole."""

    kind: Literal["grpc"] = "grpc"
    address: str
    service: str = ""
    tls: bool = False


class UdpCheck(Record):
    """`send` goes out as one datagram; what comes back is the fact `response`."""

    kind: Literal["udp"] = "udp"
    address: str
    send: str = ""


class DomainCheck(Record):
    """How long a domain is registered for, by RDAP. `server` is a base URL; None finds the registry's."""

    kind: Literal["domain"] = "domain"
    name: str
    server: str | None = None


class Step(Record):
    """One request of several. `save` is from a name to the JMESPath, over `status`, `headers`, `json` and `body`, of
    a value that later steps write as `{{name}}` in URL, headers and body.
    """

    name: str
    http: HttpCheck
    expect: tuple[Expectation, ...] = ()
    save: dict[str, str] = Field(default_factory=dict)


class StepsCheck(Record):
    kind: Literal["steps"] = "steps"
    steps: tuple[Step, ...]


class HeartbeatCheck(Record):
    """Expects to be called: either every `period`, or by `cron` on the wall clock of `time_zone`. Not probed.

    `allow_get` lets GET count as a call: link scanners call GET, so it can be refused.
    """

    kind: Literal["heartbeat"] = "heartbeat"
    period: timedelta | None = None
    cron: str | None = None
    time_zone: str = "Etc/UTC"
    grace: timedelta = timedelta(hours=1)
    allow_get: bool = True


Check = Annotated[
    HttpCheck
    | TcpCheck
    | TlsCheck
    | DnsCheck
    | MailCheck
    | SshCheck
    | WebSocketCheck
    | GrpcCheck
    | UdpCheck
    | DomainCheck
    | StepsCheck
    | HeartbeatCheck,
    Field(discriminator="kind"),
]
