"""gRPC checks: the standard health service, asked over HTTP/2."""

from urllib.parse import urlsplit

from tocsin.domain.check_kinds import GrpcCheck
from tocsin.domain.checks import Failure
from tocsin.domain.grpc_health import HEADERS, PATH, asked, health, refusal
from tocsin.domain.hops import Hop
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.reaching import perform
from tocsin.probes.tools import Tools
from tocsin.probes.web.answer import Answered
from tocsin.probes.web.asking import ask
from tocsin.probes.web.certificates import certificate_facts
from tocsin.probes.web.options import Terms

_TERMS = Terms(version="2", body_limit=64 * 1024)


class GrpcProbe:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def start(self, attempt: Attempt) -> None:
        assert isinstance(attempt.monitor.check, GrpcCheck)  # noqa: S101 -- the row of its kind leads here
        perform(attempt, self._outcome(attempt, attempt.monitor.check))

    async def _outcome(self, attempt: Attempt, check: GrpcCheck) -> Outcome:
        hop, terms = _hop(check), _TERMS._replace(protocol=attempt.monitor.looks_at("certificate", "protocol"))
        exchanged = await ask(hop, terms, self._tools, attempt)
        answer, timings = exchanged.answer, exchanged.timings
        if answer is None or exchanged.failures:
            return Outcome(exchanged.failures, timings=timings)
        facts = certificate_facts(answer.certificates, self._tools.authorities, attempt.now(), answer.protocol)
        found = _response(answer, check, hop)
        if isinstance(found, Failure):
            return Outcome((found,), facts, timings)
        return Outcome(facts={"response": found, **facts}, timings=timings)


def _hop(check: GrpcCheck) -> Hop:
    url = urlsplit(f"{'https' if check.tls else 'http'}://{check.address}{PATH}")
    return Hop(url, "POST", tuple(HEADERS.items()), asked(check.service))


def _response(answer: Answered, check: GrpcCheck, hop: Hop) -> str | Failure:
    if answer.status != 200:
        return _failure(f"{hop.place} answered with HTTP status {answer.status}: a gRPC server says 200")
    refused = refusal(hop.place, check.service, {**answer.headers, **answer.trailers})
    if refused:
        return _failure(refused)
    try:
        return health(answer.content)
    except ValueError as error:
        return _failure(f"The answer of {hop.place} cannot be read: {error}")


def _failure(message: str) -> Failure:
    return Failure(expect="response", message=message)
