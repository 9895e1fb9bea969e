"""One row per kind of check. A probe is imported when the first check of its kind is made."""

from collections.abc import Callable, Iterable
from contextlib import suppress

from tocsin.probes.attempt import Probe
from tocsin.probes.tools import Tools


def _http(tools: Tools) -> Probe:
    from tocsin.probes.http import HttpProbe

    return HttpProbe(tools)


def _tcp(tools: Tools) -> Probe:
    from tocsin.probes.tcp import TcpProbe

    return TcpProbe(tools)


def _tls(tools: Tools) -> Probe:
    from tocsin.probes.tls import TlsProbe

    return TlsProbe(tools)


def _mail(tools: Tools) -> Probe:
    from tocsin.probes.mail import MailProbe

    return MailProbe(tools)


def _ssh(tools: Tools) -> Probe:
    from tocsin.probes.ssh import SshProbe

    return SshProbe(tools)


def _dns(tools: Tools) -> Probe:
    from tocsin.probes.dns import DnsProbe

    return DnsProbe(tools)


def _websocket(tools: Tools) -> Probe:
    from tocsin.probes.websocket import WebSocketProbe

    return WebSocketProbe(tools)


def _udp(tools: Tools) -> Probe:
    from tocsin.probes.udp import UdpProbe

    return UdpProbe(tools)


def _grpc(tools: Tools) -> Probe:
    from tocsin.probes.grpc import GrpcProbe

    return GrpcProbe(tools)


def _domain(tools: Tools) -> Probe:
    from tocsin.probes.registration import RegistrationProbe

    return RegistrationProbe(tools)


def _steps(tools: Tools) -> Probe:
    from tocsin.probes.steps import StepsProbe

    return StepsProbe(tools)


ROWS: dict[str, Callable[[Tools], Probe]] = {
    "http": _http,
    "tcp": _tcp,
    "tls": _tls,
    "smtp": _mail,
    "imap": _mail,
    "pop3": _mail,
    "ssh": _ssh,
    "dns": _dns,
    "udp": _udp,
    "websocket": _websocket,
    "grpc": _grpc,
    "domain": _domain,
    "steps": _steps,
}
"""By the `kind` of the check."""


class Probes:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._made: dict[str, Probe] = {}

    def make_ready(self, kinds: Iterable[str]) -> None:
        """Importing one takes tens of milliseconds, which must not be found in what its first check took."""
        for kind in kinds:
            # What is wrong with one kind is said by its own checks, and ends no others.
            with suppress(Exception):
                self.of(kind)

    def of(self, kind: str) -> Probe:
        """Raises KeyError for a kind that is not probed."""
        if kind not in self._made:
            self._made[kind] = ROWS[kind](self._tools)
        return self._made[kind]
