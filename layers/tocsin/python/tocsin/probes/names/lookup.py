"""Names become addresses in our loop: those that get no answer hold up nobody, and cost neither thread nor process."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from tocsin.domain.checks import Failure
from tocsin.domain.place import Place
from tocsin.probes.faults import our_fault
from tocsin.probes.loop import Loop, Timer
from tocsin.probes.names.resolve import Addresses, Resolution, as_address, routed
from tocsin.probes.names.system import SystemFiles

_SHARED_FOR = timedelta(seconds=5)
"""Checks of the same name that begin within this time share a lookup."""

Done = Callable[[Addresses | Failure], None]


class Lookup:
    """One check's wait for addresses. `done` is called once, unless it is stopped before."""

    def __init__(self, done: Done) -> None:
        self._done = done
        self.timer = Timer(lambda: None)
        self.leave: Callable[[], None] = _nothing

    def stop(self) -> None:
        self.timer.cancelled = True
        self.timer.call = _nothing
        self._done = _nobody
        self.leave()

    def end(self, found: Addresses | Failure) -> None:
        done = self._done
        self.stop()
        done(found)


class Lookups:
    def __init__(self, loop: Loop, system: SystemFiles | None = None) -> None:
        self._loop = loop
        self._system = system or SystemFiles()
        self._shared: dict[tuple[str, Place | None], _Query] = {}

    def find(self, host: str, limit: timedelta, done: Done, server: Place | None = None) -> Lookup:
        """The addresses of `host`, or why there are none within `limit`.

        `server` is the name server to ask, by its address, which must have been judged; it is asked for the name as it
        is. None means what this machine asks, with its hosts file and its search domains.
        """
        lookup = Lookup(done)
        known = self._known(host, server)
        if known is not None:
            lookup.timer = self._loop.after(0, partial(lookup.end, known))
            return lookup
        query = self._query(host, server)
        query.join(lookup)
        lookup.timer = self._loop.after(limit.total_seconds(), lambda: lookup.end(query.silence(limit)))
        return lookup

    @property
    def servers(self) -> tuple[Place, ...]:
        """Whom this machine asks."""
        return self._system.names().servers

    def _known(self, host: str, server: Place | None) -> Addresses | Failure | None:
        if address := as_address(host):
            return (address,)
        if server is None and (addresses := self._system.names().known(host)):
            return routed(host, addresses)
        return None

    def _query(self, host: str, server: Place | None) -> "_Query":
        known = self._shared.get((host, server))
        if known and time.monotonic() - known.asked_at < _SHARED_FOR.total_seconds():
            return known
        system = self._system.names()
        names = system.candidates(host) if server is None else [host]
        servers = system.servers if server is None else (server,)
        query = self._shared[host, server] = _Query(host, server, self._over)
        query.start(Resolution(self._loop, names, servers, query.end), self._loop)
        return query

    def _over(self, query: "_Query") -> None:
        if self._shared.get((query.host, query.server)) is query:
            del self._shared[query.host, query.server]


class _Query:
    """A name that is being looked up, and everybody who waits for its addresses."""

    def __init__(self, host: str, server: Place | None, over: Callable[["_Query"], None]) -> None:
        self.host = host
        self.server = server
        self.asked_at = time.monotonic()
        self._over = over
        self._waiting: list[Lookup] = []
        self._resolution: Resolution | None = None

    def start(self, resolution: Resolution, loop: Loop) -> None:
        try:
            resolution.start()
        except ValueError:
            nonsense = Failure(expect="lookup", message=f"{self.host} is no name that could have an address")
            loop.after(0, partial(self.end, nonsense))
        else:
            self._resolution = resolution

    def join(self, lookup: Lookup) -> None:
        self._waiting.append(lookup)
        lookup.leave = partial(self._leave, lookup)

    def silence(self, limit: timedelta) -> Failure:
        why = self._resolution.silence(limit) if self._resolution else None
        if why is None or why.expect == "checker":
            return why or our_fault(f"there was no time to look up {self.host}")
        seconds = round(limit.total_seconds(), 1)
        message = f"No answer to the lookup of the name {self.host} within {seconds:g} s ({why.message})"
        return Failure(expect="timeout", message=message)

    def end(self, found: Addresses | Failure) -> None:
        self._over(self)
        waiting, self._waiting = self._waiting, []
        for lookup in waiting:
            lookup.end(self._in_words(found) if isinstance(found, Failure) else found)

    def _leave(self, lookup: Lookup) -> None:
        if lookup in self._waiting:
            self._waiting.remove(lookup)
            if not self._waiting:
                self._over(self)
                if self._resolution:
                    self._resolution.stop()

    def _in_words(self, failure: Failure) -> Failure:
        """Where this machine's own name server is ill, so is the checker."""
        if failure.expect in {"lookup", "checker"}:
            return failure
        message = f"The name {self.host} could not be looked up: {failure.message}"
        return our_fault(message) if self.server is None else Failure(expect="lookup", message=message)


def _nobody(_found: Addresses | Failure) -> None:
    return


def _nothing() -> None:
    return
