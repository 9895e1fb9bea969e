"""What an IMAP server is told, and what it has to answer (RFC 9051)."""

from tocsin.domain.excerpts import excerpt
from tocsin.probes.streams.stream import Stream


class Imap:
    upgrade = "STARTTLS"

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._asked = 0

    async def greeting(self) -> str:
        line = await self._stream.line("greeting")
        if not line.upper().startswith(("* OK", "* PREAUTH")):
            refuses = line.upper().startswith("* BYE")
            what = "turns us away" if refuses else "does not speak IMAP"
            raise self._stream.failed(f"{self._stream.peer} {what}: its greeting is {excerpt(line)}")
        return line

    async def offers(self) -> list[str]:
        untagged = await self._ask("CAPABILITY")
        return [word for line in untagged if line.startswith("* CAPABILITY ") for word in line.split(" ")[2:]]

    async def begin_tls(self) -> None:
        await self._ask("STARTTLS")

    async def leave(self) -> None:
        await self._ask("LOGOUT")

    async def _ask(self, command: str) -> list[str]:
        """The lines before the answer itself, in upper case."""
        self._asked += 1
        tag = f"T{self._asked}"
        await self._stream.write(f"{tag} {command}\r\n".encode())
        lines = [await self._stream.line(f"answer to {command}")]
        while lines[-1].startswith("* "):
            lines.append(await self._stream.line(f"answer to {command}"))
        if not lines[-1].upper().startswith(f"{tag} OK"):
            found = excerpt(lines[-1])
            raise self._stream.failed(f"The answer to {command} of {self._stream.peer} is {found} instead of OK")
        return [line.upper() for line in lines[:-1]]
