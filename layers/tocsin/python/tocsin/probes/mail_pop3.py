"""What a POP3 server is told, and what it has to answer (RFC 1939, 2449, 2595)."""

from tocsin.domain.excerpts import excerpt
from tocsin.probes.streams.stream import Stream


class Pop3:
    upgrade = "STLS"

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def greeting(self) -> str:
        line = await self._stream.line("greeting")
        if not line.startswith("+OK"):
            what = "turns us away" if line.startswith("-ERR") else "does not speak POP3"
            raise self._stream.failed(f"{self._stream.peer} {what}: its greeting is {excerpt(line)}")
        return line

    async def offers(self) -> list[str]:
        if not (await self._answer("CAPA")).startswith("+OK"):
            return []
        lines = [await self._stream.line("answer to CAPA")]
        while lines[-1] != ".":
            lines.append(await self._stream.line("answer to CAPA"))
        return [line.upper() for line in lines[:-1]]

    async def begin_tls(self) -> None:
        await self._ask("STLS")

    async def leave(self) -> None:
        await self._ask("QUIT")

    async def _ask(self, command: str) -> None:
        line = await self._answer(command)
        if not line.startswith("+OK"):
            found = excerpt(line)
            raise self._stream.failed(f"The answer to {command} of {self._stream.peer} is {found} instead of +OK")

    async def _answer(self, command: str) -> str:
        await self._stream.write(f"{command}\r\n".encode())
        return await self._stream.line(f"answer to {command}")
