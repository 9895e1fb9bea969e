"""One request of an HTTP check, and where a redirect leads. Secrets stay with the host they were meant for."""

import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from tocsin.domain.check_kinds import HttpCheck, SecretRef, WebSocketCheck
from tocsin.domain.checks import Failure
from tocsin.domain.excerpts import shortened
from tocsin.domain.place import Place
from tocsin.errors import RefusedError

_PUBLIC_HEADERS = frozenset(
    {"accept", "accept-encoding", "accept-language", "cache-control", "content-type", "pragma", "user-agent"}
)
"""Every other header may carry a credential."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BECOME_GET = frozenset({301, 302, 303})
_PORTS = {"http": 80, "https": 443}

_LONGEST_ADDRESS = 8 * 1024
"""Characters of a redirect's address: servers take no more, and we keep some of them for a while."""

_HOST_AND_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[\w.~-]+)(?::\d*)?", re.ASCII)
"""What we and curl read in the same way: it decodes %6c in a host, and would look up another name than we did."""

Revealed = Callable[[str | SecretRef], str]
"""From what the file says to the value itself."""


class Identity(NamedTuple):
    """A client's certificate and its key, as PEM."""

    certificate: str
    key: str


class Hop(NamedTuple):
    """`login` is `user:password`, or empty; the URL itself never holds it."""

    url: SplitResult
    method: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    login: str = ""
    identity: Identity | None = None

    @property
    def host(self) -> str:
        return _host_and_port(self.url)[0]

    @property
    def port(self) -> int:
        return _host_and_port(self.url)[1]

    @property
    def place(self) -> str:
        """As in a message: host and port."""
        return str(Place(self.host, self.port))

    @property
    def shown(self) -> str:
        """As in a message: the address without its query, where tokens travel."""
        return self.url._replace(query="…" if self.url.query else "", fragment="").geturl()

    def bearing(self, token: str) -> "Hop":
        """With this token in place of any other authorization."""
        others = tuple(each for each in self.headers if each[0].lower() != "authorization")
        return self._replace(headers=(*others, ("Authorization", f"Bearer {token}")), login="")


def first_hop(request: HttpCheck, revealed: Revealed) -> Hop:
    """Without what `auth` adds. Raises ValueError when the URL has no host or its port is no number."""
    url, login = _without_login(request.url)
    if not _can_be_asked(url):
        raise ValueError("an http or https address with a host is needed")
    client = request.client_certificate
    return Hop(
        url,
        request.method,
        tuple([(name, revealed(value)) for name, value in request.headers.items()]),
        None if request.body is None else request.body.encode(),
        login,
        Identity(revealed(client.certificate), revealed(client.key)) if client else None,
    )


def is_redirect(status: int, location: str | None) -> bool:
    return status in _REDIRECTS and bool(location)


def next_hop(hop: Hop, status: int, location: str) -> Hop | Failure:
    """The request that a redirect asks for, with nothing secret in it when it leads to another host."""
    url = _web_address(location)
    if url is None:
        why = "which is no web address" if len(location) <= _LONGEST_ADDRESS else "which is too long for an address"
        return Failure(expect="redirects", message=f"{hop.place} redirects to {shortened(location)}, {why}")
    following = hop._replace(url=url)
    if status in _BECOME_GET and hop.method not in {"GET", "HEAD"}:
        following = following._replace(method="GET", body=None)
    if (following.url.scheme, following.host, following.port) == (hop.url.scheme, hop.host, hop.port):
        return following
    if following.body is not None:
        return Failure(
            expect="redirects", message=f"{hop.place} asks to send the body on to {following.place}, which is not done"
        )
    public = tuple(each for each in hop.headers if _is_public(each[0]))
    return following._replace(headers=public, login="", identity=None)


def secrets_of(request: HttpCheck | WebSocketCheck) -> set[str]:
    """What is written in the check itself and must not show: logins, and values of headers that may be credentials."""
    if not request.headers and "@" not in request.url:
        return set()
    _, login = _without_login(request.url)
    values = [value for name, value in request.headers.items() if isinstance(value, str) and not _is_public(name)]
    words = {*values, *(word for value in values for word in value.split())}
    return words | {login, login.partition(":")[2]}


def refuse_line_breaks(name: str, value: str) -> None:
    """Of a header. Raises RefusedError: what follows a line break would be sent as a header of its own."""
    if any(character in name + value for character in "\r\n\0"):
        raise RefusedError(f"the header {name!r} must not hold a line break; look at the secret that it comes from")


def _web_address(location: str) -> SplitResult | None:
    if len(location) > _LONGEST_ADDRESS:
        return None
    with suppress(ValueError):
        url, _ = _without_login(location)
        return url if _can_be_asked(url) else None
    return None


def _can_be_asked(url: SplitResult) -> bool:
    """Raises ValueError when its port is none."""
    host, port = _host_and_port(url)
    return url.scheme in _PORTS and bool(host) and port != 0 and bool(_HOST_AND_PORT.fullmatch(url.netloc))


# The same addresses are asked each minute.


@lru_cache(maxsize=1024)
def _host_and_port(url: SplitResult) -> tuple[str, int]:
    port = url.port
    return url.hostname or "", _PORTS.get(url.scheme, 0) if port is None else port


def _is_public(header: str) -> bool:
    return header.lower() in _PUBLIC_HEADERS


@lru_cache(maxsize=1024)
def _without_login(address: str) -> tuple[SplitResult, str]:
    url = urlsplit(address)
    login, _, place = url.netloc.rpartition("@")
    return url._replace(netloc=place if place.isascii() else place.encode("idna").decode()), unquote(login)
