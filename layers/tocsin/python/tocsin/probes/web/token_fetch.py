"""One access token from its endpoint.

An endpoint that cannot be reached or is broken is the target's failure: nobody can log in. One that refuses our client
is our own fault, for the monitor's credentials are wrong: that says nothing about the target.
"""

from collections.abc import Callable
from datetime import timedelta

from tocsin.domain.check_kinds import OAuth2Auth
from tocsin.domain.checks import Failure
from tocsin.domain.excerpts import excerpt
from tocsin.domain.hops import first_hop
from tocsin.domain.oauth2 import Token, refusal_in, token_in, token_requests
from tocsin.domain.targets import TargetRules
from tocsin.probes.faults import our_fault
from tocsin.probes.tools import Tools
from tocsin.probes.web.answer import Answered
from tocsin.probes.web.exchange import Exchange, Exchanged
from tocsin.probes.web.options import Terms
from tocsin.probes.web.patience import Patience

FETCH_LIMIT = timedelta(seconds=10)
_TERMS = Terms(body_limit=64 * 1024)
_PERHAPS_ASKED_WRONGLY = frozenset({400, 401, 403})

Done = Callable[[Token | Failure], None]


class TokenFetch:
    """Asks in one way, then in the other. `done` is called once, unless it is stopped before."""

    def __init__(self, tools: Tools, auth: OAuth2Auth, secret: str, rules: TargetRules, done: Done) -> None:
        self._tools = tools
        self._auth = auth
        self._rules = rules
        self._done = done
        self._ways = list(token_requests(auth, secret))
        self._patience = Patience(FETCH_LIMIT)

    def begin(self) -> None:
        try:
            self._hop = first_hop(self._ways.pop(0), str)
        except ValueError as error:
            self._done(our_fault(f"the address to fetch a token from cannot be used: {error}"))
            return
        self._exchange = Exchange(self._tools, _TERMS, self._rules, self._patience, self._took)
        self._exchange.send(self._hop)

    def stop(self) -> None:
        self._exchange.stop()

    def _took(self, exchanged: Exchanged) -> None:
        answer = exchanged.answer
        if answer and answer.status in _PERHAPS_ASKED_WRONGLY and self._ways:
            self.begin()
        elif answer:
            self._done((token_in(answer.body) if answer.status == 200 else None) or self._refusal(answer))
        elif exchanged.failure:
            self._done(_explained(exchanged.failure))

    def _refusal(self, answer: Answered) -> Failure:
        found = f"{self._hop.place} gave no token to log in with: status {answer.status}"
        reason = f"{found}, {refusal_in(answer.body) or excerpt(answer.body)}"
        if 400 <= answer.status < 500:
            return our_fault(f"{reason}; look at the client {self._auth.client_id} and its secret")
        return Failure(expect="auth", message=reason)


def _explained(failure: Failure) -> Failure:
    return failure.model_copy(update={"message": f"No token to log in with: {failure.message}"})
