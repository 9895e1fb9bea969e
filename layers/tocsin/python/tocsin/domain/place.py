"""Where something listens, as the file writes it: `host:port`, an IPv6 address in brackets."""

import re
from typing import NamedTuple, Self

_PLACE = re.compile(r"(?:\[(?P<address>[^\[\]]*)\]|(?P<host>[^:\[\]]*))(?::(?P<port>[^:\[\]]*))?")


class Place(NamedTuple):
    host: str
    port: int

    @classmethod
    def parse(cls, text: str, default_port: int | None = None) -> Self:
        """Raises ValueError, in words for who wrote the text. Without `default_port` the port must be there."""
        found = _PLACE.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not host:port; an IPv6 address is written as in [2001:db8::1]:443")
        host, port = found["host"] or _ipv6(found["address"], text), found["port"]
        if not host or any(character.isspace() or character in "/@" for character in host):
            raise ValueError(f"{text!r} is not host:port: there is no host name or address in it")
        if port is None and default_port is None:
            raise ValueError(f"{text!r} lacks a port, as in {text}:443")
        return cls(host, _port(port, text) if port is not None else default_port or 0)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def _ipv6(address: str | None, text: str) -> str:
    if address is None:
        return ""
    from ipaddress import IPv6Address

    try:
        return str(IPv6Address(address))
    except ValueError:
        raise ValueError(f"{text!r} has no IPv6 address in its brackets") from None


def _port(port: str, text: str) -> int:
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise ValueError(f"{text!r} ends in {port!r}, which is no port: a number from 1 to 65535 is needed")
    return int(port)
