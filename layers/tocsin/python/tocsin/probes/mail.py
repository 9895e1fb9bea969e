"""Mail servers: they greet, secure the connection as asked, and take their leave. Nobody logs in."""

from collections.abc import Callable
from typing import Protocol

from tocsin.domain.check_kinds import MailCheck
from tocsin.domain.excerpts import shortened
from tocsin.domain.expectations import Facts
from tocsin.probes.attempt import Attempt
from tocsin.probes.mail_imap import Imap
from tocsin.probes.mail_pop3 import Pop3
from tocsin.probes.mail_smtp import Smtp
from tocsin.probes.streams.dialogue import DialogueProbe
from tocsin.probes.streams.stream import Stream


class Dialect(Protocol):
    """`upgrade` is the command that begins TLS, and the word that offers it."""

    upgrade: str

    async def greeting(self) -> str: ...

    async def offers(self) -> list[str]:
        """In upper case."""

    async def begin_tls(self) -> None:
        """Asks for the handshake to come next."""

    async def leave(self) -> None: ...


DIALECTS: dict[str, Callable[[Stream], Dialect]] = {"smtp": Smtp, "imap": Imap, "pop3": Pop3}

_PORTS = {"smtp": 25, "imap": 143, "pop3": 110}
_TLS_PORTS = {"smtp": 465, "imap": 993, "pop3": 995}


class MailProbe(DialogueProbe[MailCheck]):
    """The fact `response` is the greeting."""

    async def talk(self, check: MailCheck, stream: Stream, attempt: Attempt) -> Facts:
        ports = _TLS_PORTS if check.security == "tls" else _PORTS
        await stream.open(check.address, ports[check.kind])
        if check.security == "tls":
            await stream.start_tls(check.server_name)
        server = DIALECTS[check.kind](stream)
        greeting = await server.greeting()
        offered = await server.offers()
        if check.security == "starttls":
            await _secure(server, offered, stream, check.server_name)
        await server.leave()
        return {"response": greeting}


async def _secure(server: Dialect, offered: list[str], stream: Stream, server_name: str | None) -> None:
    if server.upgrade not in offered:
        instead = shortened(", ".join(offered)) or "nothing"
        raise stream.failed(f"{stream.peer} does not offer {server.upgrade}; it offers {instead}", "tls")
    await server.begin_tls()
    await stream.start_tls(server_name)
    await server.offers()
