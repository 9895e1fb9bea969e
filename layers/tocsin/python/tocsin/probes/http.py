"""HTTP and HTTPS checks."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.expectations import Facts
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.tools import Tools
from tocsin.probes.web.answer import Answered
from tocsin.probes.web.certificates import certificate_facts
from tocsin.probes.web.exchange import Exchanged
from tocsin.probes.web.request import HttpRequest

_OF_ANSWER = ("status", "body", "headers", "http_version")


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
    return _Facts(answer, authorities, now)


class _Facts(Mapping[str, Any]):
    """Found when they are looked at: most checks need nothing but the status."""

    def __init__(self, answer: Answered, authorities: Path, now: datetime) -> None:
        self._answer = answer
        self._authorities = authorities
        self._now = now

    @cached_property
    def _of_certificates(self) -> Facts:
        return certificate_facts(self._answer.certificates, self._authorities, self._now, self._answer.protocol)

    def __getitem__(self, fact: str) -> Any:
        return getattr(self._answer, fact) if fact in _OF_ANSWER else self._of_certificates[fact]

    def __iter__(self) -> Iterator[str]:
        return iter((*_OF_ANSWER, *self._of_certificates))

    def __len__(self) -> int:
        return len(_OF_ANSWER) + len(self._of_certificates)
