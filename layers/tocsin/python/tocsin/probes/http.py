"""HTTP and HTTPS checks."""

from datetime import datetime
from functools import partial
from pathlib import Path

from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.expectations import Facts
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.tools import Tools
from tocsin.probes.web.answer import Answered
from tocsin.probes.web.certificates import certificate_facts
from tocsin.probes.web.exchange import Exchanged
from tocsin.probes.web.request import HttpRequest


class HttpProbe:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def start(self, attempt: Attempt) -> None:
        assert isinstance(attempt.monitor.check, HttpCheck)  # noqa: S101 -- the row of its kind leads here
        HttpRequest(self._tools, attempt, attempt.monitor.check, partial(self._end, attempt)).begin()

    def _end(self, attempt: Attempt, exchanged: Exchanged) -> None:
        facts = facts_of(exchanged.answer, self._tools.authorities, attempt.now()) if exchanged.answer else {}
        attempt.end(Outcome(exchanged.failures, facts, exchanged.timings))


def facts_of(answer: Answered, authorities: Path, now: datetime) -> Facts:
    return {
        "status": answer.status,
        "body": answer.body,
        "headers": answer.headers,
        "http_version": answer.http_version,
        **certificate_facts(answer.certificates, authorities, now, answer.protocol),
    }
