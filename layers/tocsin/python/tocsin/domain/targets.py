"""Which addresses may be checked. A checker must not be a way into the account that it runs in."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

Address = IPv4Address | IPv6Address

_METADATA = tuple(map(ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32")))
"""Credentials are to be had here: instance, container and Lambda metadata, all of them link-local or Amazon's own."""

_NAT64 = IPv6Network("64:ff9b::/96")
_IN_USE = tuple(map(IPv6Network, ("2000::/3", "fc00::/7", "::1/128")))
"""All of IPv6 that machines have besides link-local. The rest is unassigned or wraps IPv4 addresses in old ways."""


class TargetRules(NamedTuple):
    """`forbidden` are `host:port` pairs that are refused whatever else holds: the Lambda runtime API."""

    allow_private: bool = False
    forbidden: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def protecting(cls, runtime_api: str | None, *, allow_private: bool) -> "TargetRules":
        """`runtime_api` as in AWS_LAMBDA_RUNTIME_API."""
        host, _, port = (runtime_api or "").rpartition(":")
        return cls(allow_private, frozenset({(host, int(port))}) if host and port.isdecimal() else frozenset())

    def refusal(self, address: str, port: int) -> str | None:
        """Why this address is not connected to, as the end of "shop.example is at 10.0.0.1, …"; None when it may be."""
        return _refusal(self, address, port)


@lru_cache(maxsize=4096)
def _refusal(rules: TargetRules, address: str, port: int) -> str | None:
    """The same addresses are checked again and again."""
    found = _plain(ip_address(address.partition("%")[0]))
    if any(found in network for network in _METADATA if network.version == found.version):
        return "a link-local or metadata address, which is never checked"
    if _is_forbidden(rules, found, port):
        return "where Lambda's runtime listens, which is never checked"
    if found.is_multicast or found.is_unspecified or _is_reserved(found):
        return "an address that no single machine has"
    if not found.is_global and not rules.allow_private:
        return "a private address; these are checked only where allow_private_targets is set"
    return None


def _is_forbidden(rules: TargetRules, found: Address, port: int) -> bool:
    return any(port == forbidden and _same_host(found, host) for host, forbidden in rules.forbidden)


def _plain(found: Address) -> Address:
    """The IPv4 address inside a mapped or translated IPv6 one."""
    if isinstance(found, IPv4Address):
        return found
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else found)


def _same_host(found: Address, host: str) -> bool:
    """On its port every loopback address is the runtime API, and where it has a name, every private one may be."""
    try:
        return found.is_loopback or found == _plain(ip_address(host.strip("[]")))
    except ValueError:
        return not found.is_global


def _is_reserved(found: Address) -> bool:
    if isinstance(found, IPv4Address):
        return found in IPv4Network("240.0.0.0/4")
    return not any(found in network for network in _IN_USE)
