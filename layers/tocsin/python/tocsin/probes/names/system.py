"""What this machine knows about names: whom it asks (resolv.conf), and what it need not ask (hosts)."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from tocsin.domain.place import Place
from tocsin.probes.names.name_server import DNS_PORT

_LOCALHOST = ("127.0.0.1", "::1")
_NOBODY_NAMED = (Place("127.0.0.1", DNS_PORT),)
"""Whom resolv.conf(5) has us ask when it names nobody."""


class SystemNames(NamedTuple):
    """`hosts` is from names to addresses; of a name that has less than `dots` dots, the `search` domains come first."""

    servers: tuple[Place, ...] = _NOBODY_NAMED
    search: tuple[str, ...] = ()
    dots: int = 1
    hosts: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    def known(self, host: str) -> tuple[str, ...]:
        """The addresses that nobody need be asked for."""
        name = host.lower().removesuffix(".")
        is_local = name == "localhost" or name.endswith(".localhost")
        return self.hosts.get(name) or (_LOCALHOST if is_local else ())

    def candidates(self, host: str) -> list[str]:
        """The names to ask for, in this order, until one has addresses."""
        if host.endswith("."):
            return [host]
        longer = [f"{host}.{domain}" for domain in self.search]
        return [host, *longer] if host.count(".") >= self.dots else [*longer, host]


class SystemFiles:
    """Read anew when they have changed."""

    def __init__(self, resolv: Path = Path("/etc/resolv.conf"), hosts: Path = Path("/etc/hosts")) -> None:
        self._paths = (resolv, hosts)
        self._seen: tuple[int, ...] = ()
        self._names = SystemNames()

    def names(self) -> SystemNames:
        seen = (_changed_at(self._paths[0]), _changed_at(self._paths[1]))
        if seen != self._seen:
            resolv, hosts = (path.read_text(errors="replace") if path.exists() else "" for path in self._paths)
            self._names = read_names(resolv, hosts)
            self._seen = seen
        return self._names


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def read_names(resolv: str, hosts: str) -> SystemNames:
    """From the texts of the two files, as resolv.conf(5) and hosts(5) explain them."""
    names = SystemNames(hosts=_read_hosts(hosts))
    servers: list[Place] = []
    for keyword, *values in _lines(resolv, "#;"):
        if keyword == "nameserver" and values and _is_address(values[0]):
            servers.append(Place(values[0], DNS_PORT))
        elif keyword in {"search", "domain"}:
            names = names._replace(search=tuple(value.strip(".") for value in values if value.strip(".")))
        elif keyword == "options":
            dots = [value.removeprefix("ndots:") for value in values if value.startswith("ndots:")]
            names = names._replace(dots=next((int(each) for each in dots if each.isdecimal()), names.dots))
    return names._replace(servers=tuple(servers[:3])) if servers else names


def _read_hosts(text: str) -> dict[str, tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {}
    for address, *names in _lines(text, "#"):
        if _is_address(address):
            for name in (each.lower() for each in names):
                known[name] = tuple(dict.fromkeys((*known.get(name, ()), address)))
    return known


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _lines(text: str, comments: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        for sign in comments:
            line = line.partition(sign)[0]
        if words := line.split():
            yield words
