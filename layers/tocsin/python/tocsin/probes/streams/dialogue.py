"""A kind of check that is one dialogue over one connection: it writes `talk`, and all the rest is here.

    class SshProbe(DialogueProbe[SshCheck]):
        async def talk(self, check: SshCheck, stream: Stream, attempt: Attempt) -> Facts:
            await stream.open(check.address, 22)
            return {"response": await stream.line("banner")}

`talk` returns the facts that the monitor's expectations are about; with TLS, the certificate's are added. It raises
`stream.failed("…")` when the peer does not keep to the protocol. After a certificate that is not accepted it is called
once more, up to the handshake, to see whose certificate that is: nothing may happen in it but the dialogue.
"""

from collections.abc import Sequence
from typing import Generic, TypeVar, cast

from tocsin.domain.expectations import Facts
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.der import Certificate
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.reaching import perform
from tocsin.probes.streams.stream import Stream
from tocsin.probes.streams.tls import PresentedError, UntrustedError
from tocsin.probes.tools import Tools

C = TypeVar("C")


class DialogueProbe(Generic[C]):
    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def start(self, attempt: Attempt) -> None:
        perform(attempt, self._outcome(attempt))

    async def talk(self, check: C, stream: Stream, attempt: Attempt) -> Facts:
        """The dialogue of a kind; begins with `stream.open`. Raises CheckFailedError."""
        raise NotImplementedError

    async def _outcome(self, attempt: Attempt) -> Outcome:
        with Stream(self.tools, attempt) as stream:
            try:
                facts = await self._talk(stream, attempt)
                return Outcome(facts={**facts, **stream.certificate_facts}, timings=stream.timings)
            except UntrustedError as error:
                untrusted, timings = error, stream.timings
            except CheckFailedError as error:
                return Outcome((error.failure,), timings=stream.timings)
        return Outcome((untrusted.described(await self._presented(attempt)),), timings=timings)

    async def _presented(self, attempt: Attempt) -> Sequence[Certificate]:
        """The certificates of a server that is not trusted, on a second connection; empty when it does not work."""
        with Stream(self.tools, attempt, only_looking=True) as stream:
            try:
                await self._talk(stream, attempt)
            except PresentedError as presented:
                return presented.chain
            except CheckFailedError:
                return ()
        return ()

    async def _talk(self, stream: Stream, attempt: Attempt) -> Facts:
        return await self.talk(cast("C", attempt.monitor.check), stream, attempt)
