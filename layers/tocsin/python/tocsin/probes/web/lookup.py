"""The addresses of a host: from this machine's name servers, or from the one that the check names."""

from collections.abc import Callable
from functools import partial

from tocsin.domain.checks import Failure
from tocsin.domain.place import Place
from tocsin.domain.targets import TargetRules
from tocsin.probes.names.lookup import Done
from tocsin.probes.names.name_server import DNS_PORT
from tocsin.probes.names.resolve import Addresses
from tocsin.probes.tools import Tools
from tocsin.probes.web.patience import Patience


class HttpLookup:
    """`done` is called once, unless stopped before. `resolver` is `host` or `host:port`, and judged like a target."""

    def __init__(self, tools: Tools, rules: TargetRules, patience: Patience, resolver: str | None, done: Done) -> None:
        self._tools = tools
        self._rules = rules
        self._patience = patience
        self._resolver = resolver
        self._done = done
        self.stop: Callable[[], None] = _nothing

    def find(self, host: str) -> None:
        if self._resolver is None:
            self._ask(host, self._done)
            return
        try:
            server = Place.parse(self._resolver, DNS_PORT)
        except ValueError as error:
            self._done(Failure(expect="address", message=f"The resolver cannot be asked: {error}"))
        else:
            self._ask(server.host, partial(self._ask_of, host, server))

    def _ask_of(self, host: str, server: Place, found: Addresses | Failure) -> None:
        if isinstance(found, Failure):
            self._done(found.model_copy(update={"message": f"No resolver to ask: {found.message}"}))
            return
        address = found[0]
        refusal = self._rules.refusal(address, server.port)
        if refusal:
            self._done(Failure(expect="address", message=f"The resolver {server.host} is at {address}, {refusal}"))
        else:
            self._ask(host, self._done, Place(address, server.port))

    def _ask(self, host: str, done: Done, server: Place | None = None) -> None:
        self.stop = self._tools.lookups.find(host, self._patience.left(), done, server).stop


def _nothing() -> None:
    return
