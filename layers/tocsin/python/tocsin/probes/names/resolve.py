"""The addresses of one name, as name servers tell them."""

import errno
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import lru_cache, partial
from ipaddress import ip_address

from tocsin.domain.checks import Failure
from tocsin.domain.place import Place
from tocsin.probes.faults import OURS, our_fault
from tocsin.probes.loop import Loop, Timer
from tocsin.probes.names.message import MalformedError, Question, question
from tocsin.probes.names.name_server import Answer, Asking
from tocsin.probes.names.records import CircleError, answers, chain

Addresses = tuple[str, ...]

RESOLUTION_DELAY = 0.05
"""Seconds that the answer of one family waits for the other's (RFC 8305)."""

_KINDS = ("AAAA", "A")
_SOMEWHERE_BY_IPV6 = "2000::1"
_ROUTE_HOLDS = 5
"""Seconds until a way out is looked for again."""


@lru_cache(maxsize=4096)
def as_address(host: str) -> str | None:
    """The address that this is instead of a name, also in the old notations: 127.1, 0x7f000001, 2130706433."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def routed(host: str, addresses: Iterable[str]) -> Addresses | Failure:
    """Those that can be tried from here."""
    known = tuple(addresses)
    with_route = tuple(address for address in known if _has_route(address))
    return with_route or our_fault(f"{OURS[errno.ENETUNREACH]} on the way to {host} ({', '.join(known)})")


class Resolution:
    """Asks for the `names` in turn until one has addresses. Of them, only those that can be reached from here.

    `done` is called once, unless it is stopped before. It waits for ever: the caller sets the limit.
    """

    def __init__(
        self,
        loop: Loop,
        names: Sequence[str],
        servers: Sequence[Place],
        done: Callable[[Addresses | Failure], None],
    ) -> None:
        self._loop = loop
        self._names = list(names)
        self._host = min(names, key=len)
        self._servers = servers
        self._done = done
        self._askings: dict[str, Asking] = {}
        self._heard: dict[str, Answer | Failure] = {}
        self._found: dict[str, tuple[str, ...]] = {}
        self._timer = Timer(lambda: None)

    def start(self) -> None:
        """Raises ValueError for what can be no name."""
        self._name = question(self._names.pop(0), "A").name
        self._heard, self._found = {}, {}
        self._askings = {}
        self._ask(_KINDS if _leads_out(time.monotonic() // _ROUTE_HOLDS) else ("A",))

    def stop(self) -> None:
        self._timer.cancelled = True
        for asking in self._askings.values():
            asking.stop()

    def silence(self, limit: timedelta) -> Failure:
        """Why there are no addresses yet."""
        unheard = next(kind for kind in self._askings if kind not in self._heard)
        return self._askings[unheard].silence(limit)

    def _ask(self, kinds: Sequence[str]) -> None:
        for kind in kinds:
            self._askings[kind] = Asking(
                self._loop, Question(self._name, kind), self._servers, partial(self._hear, kind)
            )
        for kind in kinds:
            self._askings[kind].start()

    def _hear(self, kind: str, said: Answer | Failure) -> None:
        self._heard[kind] = said
        self._found[kind] = self._told(kind, said)
        if len(self._heard) == len(self._askings):
            self._conclude()
        elif self._addresses():
            self._timer = self._loop.after(RESOLUTION_DELAY, self._conclude)

    def _conclude(self) -> None:
        self.stop()
        if found := self._addresses():
            self._done(routed(self._host, found))
        elif failure := self._failure():
            self._done(failure)
        elif "AAAA" not in self._heard and _rcode(self._heard["A"]) == "NOERROR":
            self._ask(["AAAA"])
        elif self._names:
            self.start()
        else:
            self._done(self._unknown())

    def _addresses(self) -> list[str]:
        return [address for kind in _KINDS for address in self._found.get(kind, ())]

    def _told(self, kind: str, said: Answer | Failure) -> tuple[str, ...]:
        if not isinstance(said, Answer):
            return ()
        try:
            return answers(said.reply, Question(self._name, kind))
        except (MalformedError, CircleError):
            return ()

    def _failure(self) -> Failure | None:
        return next((found for said in self._heard.values() if (found := self._judged(said))), None)

    def _judged(self, said: Answer | Failure) -> Failure | None:
        """What is wrong with an answer; None when it says that there is no address."""
        if isinstance(said, Failure):
            return said
        if said.reply.rcode not in {"NOERROR", "NXDOMAIN"}:
            return self._unfound(f"could not be looked up: {said.server} answers {said.reply.rcode}")
        try:
            chain(said.reply.answers, self._name)
        except CircleError as circle:
            return self._unfound(f"leads in a circle: {circle}")
        except MalformedError:
            return self._unfound(f"could not be looked up: the answer of {said.server} cannot be read")
        return None

    def _unknown(self) -> Failure:
        said = self._heard["A"]
        assert isinstance(said, Answer)  # noqa: S101 -- failures were told before
        last = chain(said.reply.answers, self._name)[-1]
        also = "" if last == self._name else f"; it is another name for {last}"
        what = "that it does not exist" if said.reply.rcode == "NXDOMAIN" else "of no address"
        return self._unfound(f"does not resolve to an address: {said.server} knows {what}{also}")

    def _unfound(self, what: str) -> Failure:
        return Failure(expect="lookup", message=f"The name {self._host} {what}")


def _rcode(said: Answer | Failure) -> str | None:
    return said.reply.rcode if isinstance(said, Answer) else None


@lru_cache(maxsize=1)
def _leads_out(_period: float) -> bool:
    """Whether there is a way out by IPv6, asked once in each period."""
    return _has_route(_SOMEWHERE_BY_IPV6)


def _has_route(address: str) -> bool:
    """Most Lambda functions have no way out by IPv6. Connecting a datagram socket sends nothing, and tells."""
    if ":" not in address:
        return True
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))
    except OSError:
        return False
    return True
