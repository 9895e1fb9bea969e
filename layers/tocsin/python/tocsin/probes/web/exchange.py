"""A request, and those that its redirects lead to, until there is an answer or no hope of one."""

from collections.abc import Callable
from typing import NamedTuple

from tocsin.domain.checks import Failure
from tocsin.domain.hops import Hop, is_redirect, next_hop
from tocsin.domain.targets import TargetRules
from tocsin.domain.timings import Timings
from tocsin.probes.faults import fault_in
from tocsin.probes.names.resolve import Addresses
from tocsin.probes.tools import Tools
from tocsin.probes.web.answer import Answered
from tocsin.probes.web.lookup import HttpLookup
from tocsin.probes.web.options import Terms
from tocsin.probes.web.patience import Patience
from tocsin.probes.web.transfer import HttpTransfer
from tocsin.probes.web.trouble import Trouble, describe


class Exchanged(NamedTuple):
    """With a failure there may still be an answer: a redirect that is not followed. Timings are since the beginning."""

    answer: Answered | None = None
    failure: Failure | None = None
    timings: Timings = Timings()

    @property
    def failures(self) -> tuple[Failure, ...]:
        return (self.failure,) if self.failure else ()


Done = Callable[[Exchanged], None]

_HARMLESS = {"GET", "HEAD", "OPTIONS"}
"""Methods that may be asked twice."""


class Exchange:
    """`done` is called once, unless it is stopped before; the timings count from the making of `patience`."""

    def __init__(self, tools: Tools, terms: Terms, rules: TargetRules, patience: Patience, done: Done) -> None:
        self._tools = tools
        self._terms = terms
        self._rules = rules
        self._patience = patience
        self._done = done
        self._redirects = 0
        self.stop: Callable[[], None] = _nothing

    def send(self, hop: Hop) -> None:
        self._hop = hop
        if self._terms.resolver is None:
            self.stop = self._tools.lookups.find(hop.host, self._patience.left(), self._looked_up).stop
            return
        lookup = HttpLookup(self._tools, self._rules, self._patience, self._terms.resolver, self._looked_up)
        self.stop = lambda: lookup.stop()
        lookup.find(hop.host)

    def _looked_up(self, found: Addresses | Failure) -> None:
        if isinstance(found, Failure):
            self._done(Exchanged(failure=found, timings=Timings(total=_milliseconds(self._patience.elapsed()))))
        else:
            self._guarded(self._connect, found)

    def _connect(self, addresses: Addresses) -> None:
        before, left = self._patience.elapsed(), self._patience.left()
        transfer = HttpTransfer(self._hop, self._terms, addresses, left, before, self._rules, self._took)
        self.stop = transfer.stop
        transfer.start(self._tools.transfers, self._tools.authorities)

    def _took(self, outcome: Answered | Trouble) -> None:
        self._guarded(self._go_on, outcome)

    def _go_on(self, outcome: Answered | Trouble) -> None:
        if isinstance(outcome, Trouble) and outcome.in_unknown_encoding and self._hop.method in _HARMLESS:
            self._terms = self._terms._replace(decoded=False)
            self.send(self._hop)
        elif isinstance(outcome, Trouble):
            failure = describe(outcome._replace(limit=self._patience.limit))
            self._done(Exchanged(failure=failure, timings=outcome.timings))
        elif isinstance(following := self._following(outcome), Hop):
            self.send(following)
        else:
            self._done(Exchanged(outcome, following, outcome.timings))

    def _following(self, answer: Answered) -> Hop | Failure | None:
        """What to ask next, or why nothing can be; None when this is the answer."""
        if self._terms.version == "2" and answer.http_version != "2":
            found = f"{self._hop.place} answered in HTTP/{answer.http_version}: it does not speak HTTP/2, as asked for"
            return Failure(expect="http_version", message=found)
        if not (self._terms.redirects and is_redirect(answer.status, answer.location)):
            return None
        following = next_hop(self._hop, answer.status, answer.location or "")
        self._redirects += 1
        if isinstance(following, Hop) and self._redirects > self._terms.redirects:
            times = f"{self._terms.redirects} times" if self._terms.redirects > 1 else "once"
            shown = following.shown
            return Failure(expect="redirects", message=f"Redirected more than {times}; the last one leads to {shown}")
        return following

    def _guarded(self, step: Callable[..., None], *given: object) -> None:
        """What goes wrong in a step is our fault, and must end neither the loop nor the other checks."""
        try:
            step(*given)
        except Exception as error:
            self._done(Exchanged(failure=fault_in(error)))


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _nothing() -> None:
    return
