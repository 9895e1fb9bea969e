"""HTTP and HTTPS checks: from the first request, by way of redirects, to the answer."""

from typing import TYPE_CHECKING

from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Failure
from tocsin.domain.expectations import Facts
from tocsin.domain.hops import Hop, first_hop, is_redirect, next_hop, secrets_of
from tocsin.domain.timings import Timings
from tocsin.probes.attempt import Attempt, Outcome
from tocsin.probes.http_failures import Trouble, describe
from tocsin.probes.http_transfer import Answered, HttpTransfer
from tocsin.probes.resolve import Addresses

if TYPE_CHECKING:
    from tocsin.probes.kinds import Tools


class HttpProbe:
    def __init__(self, tools: "Tools") -> None:
        self.tools = tools

    def start(self, attempt: Attempt) -> None:
        assert isinstance(attempt.monitor.check, HttpCheck)  # noqa: S101 -- the row of its kind leads here
        _Requests(self.tools, attempt, attempt.monitor.check).begin()


class _Requests:
    """The requests of one check, one after the other."""

    def __init__(self, tools: "Tools", attempt: Attempt, check: HttpCheck) -> None:
        self._tools = tools
        self._attempt = attempt
        self._check = check
        self._redirects = 0
        self._looked_up_at = 0.0

    def begin(self) -> None:
        self._attempt.hide(*secrets_of(self._check))
        try:
            hop = first_hop(self._check)
        except ValueError as error:
            self._fail(Failure(expect="address", message=f"The URL cannot be used: {error}"))
        else:
            self._send(hop)

    def _send(self, hop: Hop) -> None:
        self._hop = hop
        lookup = self._tools.lookups.find(hop.host, self._attempt.left(), self._looked_up)
        self._attempt.on_stop(lookup.stop)

    def _looked_up(self, found: Addresses | Failure) -> None:
        self._attempt.guard(self._fail if isinstance(found, Failure) else self._connect, found)

    def _connect(self, addresses: Addresses) -> None:
        self._looked_up_at = self._attempt.elapsed()
        transfer = HttpTransfer(self._hop, addresses, self._attempt.left(), self._attempt.rules, self._took)
        self._attempt.on_stop(transfer.stop)
        transfer.start(self._tools.transfers, self._tools.authorities)

    def _took(self, outcome: Answered | Trouble) -> None:
        self._attempt.guard(self._go_on, outcome)

    def _go_on(self, outcome: Answered | Trouble) -> None:
        timings = _shifted(outcome.timings, self._looked_up_at)
        if isinstance(outcome, Trouble):
            trouble = outcome._replace(timings=timings, limit=self._attempt.monitor.timeout)
            self._fail(describe(trouble), timings)
        elif self._is_followed(outcome):
            self._follow(outcome, timings)
        else:
            self._attempt.end(Outcome(facts=_facts(outcome), timings=timings))

    def _is_followed(self, answer: Answered) -> bool:
        return self._check.follow_redirects > 0 and is_redirect(answer.status, answer.location)

    def _follow(self, answer: Answered, timings: Timings) -> None:
        following = next_hop(self._hop, answer.status, answer.location or "")
        self._redirects += 1
        if isinstance(following, Hop) and self._redirects > self._check.follow_redirects:
            times = f"{self._check.follow_redirects} times"
            following = Failure(
                expect="redirects", message=f"Redirected more than {times}; the last one leads to {following.shown}"
            )
        if isinstance(following, Failure):
            self._attempt.end(Outcome((following,), {"status": answer.status}, timings))
        else:
            self._send(following)

    def _fail(self, failure: Failure, timings: Timings = Timings()) -> None:  # noqa: B008 -- it never changes
        self._attempt.end(Outcome((failure,), timings=timings))


def _facts(answer: Answered) -> Facts:
    return {"status": answer.status, "body": answer.body, "certificate_expires": answer.certificate_expires}


def _shifted(timings: Timings, lookup: float) -> Timings:
    """Curl counts from the end of the lookup, we from the beginning of the check; `lookup` is in seconds."""
    ends = {name: None if end is None else round(end + lookup * 1000, 1) for name, end in timings}
    return Timings.model_validate(ends | {"lookup": round(lookup * 1000, 1)})
