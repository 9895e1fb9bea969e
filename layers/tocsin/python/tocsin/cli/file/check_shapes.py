"""What may stand under every kind of check but `http`, `steps` and `heartbeat`."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from tocsin.cli.file.address_values import (
    Address,
    AddressWithPort,
    DnsName,
    DomainName,
    ServerName,
    Url,
    WebSocketUrl,
    port_of,
)
from tocsin.cli.file.entry import Entry, OneOf, unsaid
from tocsin.cli.file.http_shape import Headers, bare_url
from tocsin.cli.file.text_values import Choice, RegularExpression
from tocsin.domain.check_kinds import (
    DnsCheck,
    DomainCheck,
    Exchange,
    GrpcCheck,
    MailCheck,
    SshCheck,
    TcpCheck,
    TlsCheck,
    UdpCheck,
    WebSocketCheck,
)

RECORD_TYPES = ("A", "AAAA", "CAA", "CNAME", "MX", "NS", "PTR", "SOA", "SRV", "TXT")
SECURITIES = ("none", "starttls", "tls")
TLS_PORTS = {"smtp": 465, "imap": 993, "pop3": 995}
PLAIN_PORTS = {"smtp": 25, "imap": 143, "pop3": 110}

Sent = Annotated[str, Field(min_length=1, max_length=4096)]


def _bare_address(value: Any) -> Any:
    return {"address": value} if isinstance(value, str) else value


def _bare_name(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _on_port(address: str, port: int) -> str:
    return address if port_of(address) else f"{address}:{port}"


class ExchangeEntry(OneOf):
    send: Sent | None = None
    """As it is: write the line's end with it, as in `"QUIT\\r\\n"`."""
    expect: RegularExpression | None = None
    """A regular expression, searched for in what comes."""
    starttls: Literal[True] | None = None
    """From here on encrypted."""


class TcpEntry(Entry):
    address: AddressWithPort
    tls: bool = False
    server_name: ServerName = unsaid()
    """Whose certificate is expected, when not the address's."""
    dialogue: Annotated[list[ExchangeEntry], Field(max_length=50)] = Field(default_factory=list)

    def check(self) -> TcpCheck:
        dialogue = tuple(Exchange.model_validate({turn.key: turn.value}) for turn in self.dialogue)
        return TcpCheck(address=self.address, tls=self.tls, server_name=self.server_name, dialogue=dialogue)


class TlsEntry(Entry):
    address: Address
    """On port 443 when it names none."""
    server_name: ServerName = unsaid()
    """Whose certificate is expected, when not the address's."""

    def check(self) -> TlsCheck:
        return TlsCheck(address=_on_port(self.address, 443), server_name=self.server_name)


class DnsEntry(Entry):
    name: DnsName
    """For PTR an address does, too."""
    type: Annotated[str, Choice(RECORD_TYPES)] = "A"
    server: Address = unsaid()
    """The region's own resolver when left out."""

    def check(self) -> DnsCheck:
        server = _on_port(self.server, 53) if self.server else None
        return DnsCheck(name=self.name, record_type=self.type, server=server)


class MailEntry(Entry):
    address: Address
    """On the protocol's usual port when it names none."""
    security: Annotated[str, Choice(SECURITIES)] = unsaid()
    """`tls` on ports 465, 993 and 995, else `none`, when left out."""
    server_name: ServerName = unsaid()
    """Whose certificate is expected, when not the address's."""

    def check(self, kind: str) -> MailCheck:
        security = self.security or ("tls" if port_of(self.address) in TLS_PORTS.values() else "none")
        port = (TLS_PORTS if security == "tls" else PLAIN_PORTS)[kind]
        return MailCheck.model_validate(
            {
                "kind": kind,
                "address": _on_port(self.address, port),
                "security": security,
                "server_name": self.server_name,
            }
        )


class SshEntry(Entry):
    address: Address
    """On port 22 when it names none."""

    def check(self) -> SshCheck:
        return SshCheck(address=_on_port(self.address, 22))


class WebSocketEntry(Entry):
    url: WebSocketUrl
    headers: Headers = Field(default_factory=dict)
    subprotocol: Annotated[str, Field(min_length=1, max_length=100)] = unsaid()
    send: Sent = unsaid()
    """The first message after the upgrade."""
    receive: bool = False
    """Wait for a message; also without this where a `response` is expected."""

    def check(self, *, receive: bool) -> WebSocketCheck:
        plain = self.model_dump(exclude={"headers", "receive"})
        return WebSocketCheck(**plain, headers=self.headers, receive=self.receive or receive)


class GrpcEntry(Entry):
    address: AddressWithPort
    service: Annotated[str, Field(max_length=500)] = ""
    """The server as a whole when left out."""
    tls: bool = False

    def check(self) -> GrpcCheck:
        return GrpcCheck(**self.model_dump())


class UdpEntry(Entry):
    address: AddressWithPort
    send: Annotated[str, Field(max_length=1200)] = ""
    """One datagram."""

    def check(self) -> UdpCheck:
        return UdpCheck(**self.model_dump())


class DomainEntry(Entry):
    name: DomainName
    server: Url = unsaid()
    """The base URL of an RDAP server; the registry's own when left out."""

    def check(self) -> DomainCheck:
        return DomainCheck(**self.model_dump())


Tcp = Annotated[TcpEntry, BeforeValidator(_bare_address, json_schema_input_type=AddressWithPort | TcpEntry)]
Tls = Annotated[TlsEntry, BeforeValidator(_bare_address, json_schema_input_type=Address | TlsEntry)]
Dns = Annotated[DnsEntry, BeforeValidator(_bare_name, json_schema_input_type=DnsName | DnsEntry)]
Mail = Annotated[MailEntry, BeforeValidator(_bare_address, json_schema_input_type=Address | MailEntry)]
Ssh = Annotated[SshEntry, BeforeValidator(_bare_address, json_schema_input_type=Address | SshEntry)]
WebSocket = Annotated[WebSocketEntry, BeforeValidator(bare_url, json_schema_input_type=WebSocketUrl | WebSocketEntry)]
Grpc = Annotated[GrpcEntry, BeforeValidator(_bare_address, json_schema_input_type=AddressWithPort | GrpcEntry)]
Udp = Annotated[UdpEntry, BeforeValidator(_bare_address, json_schema_input_type=AddressWithPort | UdpEntry)]
Domain = Annotated[DomainEntry, BeforeValidator(_bare_name, json_schema_input_type=DomainName | DomainEntry)]
