"""TLS: a handshake. What the certificates say are facts of every verified stream, so nothing is left to do."""

from tocsin.domain.check_kinds import TlsCheck
from tocsin.domain.expectations import Facts
from tocsin.probes.attempt import Attempt
from tocsin.probes.streams.dialogue import DialogueProbe
from tocsin.probes.streams.stream import Stream


class TlsProbe(DialogueProbe[TlsCheck]):
    async def talk(self, check: TlsCheck, stream: Stream, attempt: Attempt) -> Facts:
        await stream.open(check.address, 443)
        await stream.start_tls(check.server_name)
        return {}
