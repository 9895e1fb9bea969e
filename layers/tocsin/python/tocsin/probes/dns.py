"""DNS checks: what one name server says to one question.

A chosen server is judged like every target. The machine's own is not: every lookup asks it, and in Lambda and in a VPC
its address is a link-local or private one.
"""

from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import ip_address

from tocsin.domain.check_kinds import DnsCheck
from tocsin.domain.checks import NO_ERROR, Failure
from tocsin.domain.expectations import Facts
from tocsin.domain.place import Place
from tocsin.probes.attempt import Attempt
from tocsin.probes.failures import CheckFailedError
from tocsin.probes.faults import our_fault
from tocsin.probes.names.message import MalformedError, Question, question
from tocsin.probes.names.name_server import DNS_PORT, Answer, Asking
from tocsin.probes.names.records import CircleError, answers
from tocsin.probes.names.resolve import as_address
from tocsin.probes.progress import Progress, failed
from tocsin.probes.reaching import address_of, place_of, run
from tocsin.probes.task import GiveUp, Wait
from tocsin.probes.tools import Tools


class DnsProbe:
    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def start(self, attempt: Attempt) -> None:
        assert isinstance(attempt.monitor.check, DnsCheck)  # noqa: S101 -- the row of its kind leads here
        run(attempt, partial(self._facts, attempt.monitor.check, attempt))

    async def _facts(self, check: DnsCheck, attempt: Attempt, progress: Progress) -> Facts:
        about = _question(check)
        servers = await self._servers(check, attempt)
        progress.reached("lookup")
        said = await self._answer(about, servers, attempt)
        if isinstance(said, Failure):
            raise CheckFailedError(_excused(said) if check.server is None else said)
        progress.reached("first_byte")
        rcode = said.reply.rcode
        if rcode != "NOERROR" and NO_ERROR in attempt.monitor.expectations:
            raise failed("rcode", f"The name server {said.server} answers {rcode} when asked for {about}")
        asked = f"asked {said.server} for {about}"
        return {"rcode": rcode, "answers": _answers(said, about), "asked": asked}

    async def _servers(self, check: DnsCheck, attempt: Attempt) -> Sequence[Place]:
        if check.server is None:
            return self.tools.lookups.servers
        place = place_of(check.server, DNS_PORT)
        return [Place(await address_of(place, self.tools, attempt), place.port)]

    async def _answer(self, about: Question, servers: Sequence[Place], attempt: Attempt) -> Answer | Failure:
        loop = self.tools.loop
        left = max(0.0, attempt.left().total_seconds())

        def begin(wake: Callable[[Answer | Failure], None]) -> GiveUp:
            def heard(said: Answer | Failure) -> None:
                give_up()
                wake(said)

            def give_up() -> None:
                timer.cancelled = True
                asking.stop()

            asking = Asking(loop, about, servers, heard)
            timer = loop.after(left, lambda: heard(asking.silence(attempt.monitor.timeout)))
            asking.start()
            return give_up

        wait: Wait[Answer | Failure] = Wait(begin)
        return await wait


def _question(check: DnsCheck) -> Question:
    kind = check.record_type.upper()
    address = as_address(check.name) if kind == "PTR" else None
    try:
        return question(ip_address(address).reverse_pointer if address else check.name, kind)
    except ValueError as error:
        raise failed("address", str(error)) from None


def _answers(said: Answer, about: Question) -> list[str]:
    try:
        return list(answers(said.reply, about))
    except CircleError as circle:
        raise failed("answers", f"{about.name} leads in a circle, says {said.server}: {circle}") from None
    except MalformedError as error:
        raise failed("response", f"The answer of {said.server} about {about} cannot be read: {error}") from None


def _excused(failure: Failure) -> Failure:
    """Where this machine's own name server cannot be talked to, so is the checker's fault."""
    return our_fault(failure.message) if failure.expect in {"connect", "response"} else failure
