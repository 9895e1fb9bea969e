"""Checks that wait for others of the same host: whoever watches many pages of one server must not flood it."""

from collections import Counter, deque
from functools import lru_cache
from urllib.parse import urlsplit

from tocsin.domain.check_kinds import (
    Check,
    DnsCheck,
    DomainCheck,
    HeartbeatCheck,
    HttpCheck,
    StepsCheck,
    WebSocketCheck,
)
from tocsin.domain.check_plan import PlannedCheck

PER_HOST = 10
"""Checks in flight to one host and port. Browsers open six connections to a host; servers that count connections by
their peer, against attacks, are told to allow twenty or so, and every region has a run of its own."""


class Crowds:
    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._inside: Counter[str] = Counter()
        self._waiting: dict[str, deque[PlannedCheck]] = {}
        self._free: deque[PlannedCheck] = deque()

    def __len__(self) -> int:
        """Those that may begin."""
        return len(self._free)

    def come(self, check: PlannedCheck) -> None:
        host = host_of(check.monitor.check)
        if self._inside[host] < self._per_host:
            self._enter(host, check)
        else:
            self._waiting.setdefault(host, deque()).append(check)

    def let_in(self) -> PlannedCheck | None:
        """The next one that may begin."""
        return self._free.popleft() if self._free else None

    def leave(self, check: PlannedCheck) -> None:
        """It has ended: whoever has waited longest for its host may begin."""
        host = host_of(check.monitor.check)
        self._inside[host] -= 1
        if waiting := self._waiting.get(host):
            self._enter(host, waiting.popleft())

    def _enter(self, host: str, check: PlannedCheck) -> None:
        self._inside[host] += 1
        self._free.append(check)


def host_of(check: Check) -> str:
    """The host and port that a check asks first; `dns:` and the name where that is not known beforehand."""
    match check:
        case HttpCheck() | WebSocketCheck():
            return _of_url(check.url)
        case StepsCheck(steps=steps):
            return host_of(steps[0].http)
        case DnsCheck(server=server, name=name):
            return f"dns:{server or name}"
        case DomainCheck(server=server, name=name):
            return _of_url(server) if server else f"dns:{name.rpartition('.')[2]}"
        case HeartbeatCheck():
            raise ValueError("a heartbeat asks nobody")
    return check.address.lower()


@lru_cache(maxsize=1024)
def _of_url(url: str) -> str:
    """An address that is none is told by its own probe."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port or parts.scheme}"
    except ValueError:
        return url
