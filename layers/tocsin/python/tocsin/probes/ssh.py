"""SSH: that a server says who it is. Nobody logs in."""

from tocsin.domain.check_kinds import SshCheck
from tocsin.domain.expectations import Facts
from tocsin.probes.attempt import Attempt
from tocsin.probes.streams.dialogue import DialogueProbe
from tocsin.probes.streams.stream import Stream

_OURS = b"SSH-2.0-Tocsin\r\n"
_LINES_BEFORE = 50
"""RFC 4253, 4.2: a server may send other lines before its version."""


class SshProbe(DialogueProbe[SshCheck]):
    async def talk(self, check: SshCheck, stream: Stream, attempt: Attempt) -> Facts:
        await stream.open(check.address, 22)
        for _ in range(_LINES_BEFORE):
            banner = await stream.line("SSH banner")
            if banner.startswith("SSH-"):
                await stream.write(_OURS)
                return {"response": banner}
        raise stream.failed(f"{stream.peer} does not speak SSH: {_LINES_BEFORE} lines came, and none begins with SSH-")
