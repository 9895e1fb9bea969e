"""What an HTTP check asks for: its request with its login, sent again with a new token when the old one is refused."""

from collections.abc import Callable
from functools import partial

from tocsin.domain.check_kinds import BasicAuth, BearerAuth, HttpCheck, OAuth2Auth
from tocsin.domain.checks import Failure
from tocsin.domain.hops import Hop, first_hop, secrets_of
from tocsin.probes.attempt import Attempt
from tocsin.probes.tools import Tools
from tocsin.probes.web.exchange import Exchange, Exchanged
from tocsin.probes.web.options import Terms
from tocsin.probes.web.patience import Patience
from tocsin.probes.web.token_fetch import TokenFetch

Done = Callable[[Exchanged], None]

_UNAUTHORIZED = 401


class HttpRequest:
    """`done` is called once, unless the attempt is stopped before. The time that a token takes is not the target's."""

    def __init__(self, tools: Tools, attempt: Attempt, check: HttpCheck, done: Done) -> None:
        self._tools = tools
        self._attempt = attempt
        self._check = check
        self._done = done
        self._tokens_used: list[str] = []

    def begin(self) -> None:
        self._attempt.hide(*secrets_of(self._check))
        try:
            self._hop = first_hop(self._check, self._attempt.secret)
        except ValueError as error:
            self._fail(Failure(expect="address", message=f"The URL cannot be used: {error}"))
        else:
            self._log_in()

    def _log_in(self) -> None:
        auth = self._check.auth
        if isinstance(auth, BasicAuth):
            self._send(self._with_password(auth))
        elif isinstance(auth, BearerAuth):
            self._send(self._hop.bearing(self._attempt.secret(auth.token)))
        elif isinstance(auth, OAuth2Auth):
            self._fetch_token(auth)
        else:
            self._send(self._hop)

    def _with_password(self, auth: BasicAuth) -> Hop:
        login = f"{auth.username}:{self._attempt.secret(auth.password)}"
        self._attempt.hide(login)
        return self._hop._replace(login=login)

    def _fetch_token(self, auth: OAuth2Auth, refused: str = "") -> None:
        new = partial(TokenFetch, self._tools)
        self._tools.tokens.get(self._attempt, auth, new, partial(self._attempt.guard, self._use), refused)

    def _use(self, token: str | Failure) -> None:
        if isinstance(token, Failure):
            self._fail(token)
            return
        self._tokens_used.append(token)
        self._attempt.hide(token)
        self._send(self._hop.bearing(token))

    def _send(self, hop: Hop) -> None:
        check = self._check
        wanted = self._attempt.monitor.looks_at("certificate", "protocol")
        terms = Terms(check.follow_redirects, check.version, check.resolver, check.body_limit, wanted)
        patience = Patience(self._attempt.monitor.timeout, self._attempt.left())
        exchange = Exchange(self._tools, terms, self._attempt.rules, patience, self._took)
        self._attempt.on_stop(lambda: exchange.stop())
        exchange.send(hop)

    def _took(self, exchanged: Exchanged) -> None:
        self._attempt.guard(self._go_on, exchanged)

    def _go_on(self, exchanged: Exchanged) -> None:
        auth = self._check.auth
        refused = exchanged.answer is not None and exchanged.answer.status == _UNAUTHORIZED
        if isinstance(auth, OAuth2Auth) and refused and len(self._tokens_used) == 1:
            self._fetch_token(auth, self._tokens_used[0])
        else:
            self._done(exchanged)

    def _fail(self, failure: Failure) -> None:
        self._done(Exchanged(failure=failure))
