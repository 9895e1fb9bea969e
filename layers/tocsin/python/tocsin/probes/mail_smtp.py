"""What an SMTP server is told, and what it has to answer (RFC 5321)."""

import re

from tocsin.domain.excerpts import excerpt
from tocsin.probes.streams.stream import Stream

_REPLY = re.compile(r"\d{3}(?:[ -].*)?")


class Smtp:
    upgrade = "STARTTLS"

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def greeting(self) -> str:
        return "\n".join(await self._reply("220", "greeting"))

    async def offers(self) -> list[str]:
        address = self._stream.local_address
        literal = f"[IPv6:{address}]" if ":" in address else f"[{address}]"
        _, *keywords = await self._ask(f"EHLO {literal}", "250")
        return [line[4:].split(" ")[0].upper() for line in keywords]

    async def begin_tls(self) -> None:
        await self._ask("STARTTLS", "220")

    async def leave(self) -> None:
        await self._ask("QUIT", "221")

    async def _ask(self, command: str, wanted: str) -> list[str]:
        await self._stream.write(f"{command}\r\n".encode())
        return await self._reply(wanted, f"answer to {command.split(' ')[0]}")

    async def _reply(self, wanted: str, what: str) -> list[str]:
        lines = [await self._line(what)]
        while lines[-1][3:4] == "-":
            lines.append(await self._line(what))
        if not lines[-1].startswith(wanted):
            found = excerpt("\n".join(lines))
            raise self._stream.failed(f"The {what} of {self._stream.peer} is {found} instead of {wanted}")
        return lines

    async def _line(self, what: str) -> str:
        line = await self._stream.line(what)
        if not _REPLY.fullmatch(line):
            raise self._stream.failed(f"{self._stream.peer} does not speak SMTP: its {what} is {excerpt(line)}")
        return line
