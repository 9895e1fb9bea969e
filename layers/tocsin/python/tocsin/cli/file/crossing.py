"""What one part of the file says about another: names that lead nowhere, and parts that do not go together.

It reads the plain data, so that it also finds what is wrong in a file that has other mistakes.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tocsin.cli.file.monitor_shape import DEFAULT_EVERY, default_timeout
from tocsin.cli.file.problems import Path
from tocsin.cli.file.text_values import is_private, query_names
from tocsin.cli.file.time_values import duration_in, spelled
from tocsin.cli.file.wording import nearest

REFERENCES = (
    ("schedules.*.layers.*.people.*", "people"),
    ("schedules.*.layers.*.people.*.*", "people"),
    ("escalation_policies.*.steps.*.page.*.person", "people"),
    ("escalation_policies.*.steps.*.page.*.schedule", "schedules"),
    ("escalation_policies.*.fallback.*.person", "people"),
    ("escalation_policies.*.fallback.*.schedule", "schedules"),
    ("services.*.escalation_policy", "escalation_policies"),
    ("monitors.*.service", "services"),
    ("status_pages.*.components.*.service", "services"),
)
URLS = ("monitors.*.http", "monitors.*.http.url")
SECRET_HEADERS = re.compile(r"^(proxy-)?authorization$|^cookie$|api-?key|secret|token|password", re.IGNORECASE)

SECRET_PARAMETERS = {"access_token", "api_key", "apikey", "auth", "password", "secret", "token"}
ZERO = timedelta(0)

Fault = tuple[Path, str]


def faults(data: Any) -> Iterator[Fault]:
    """Each at the path where it is to be mended."""
    yield from _dangling(data)
    yield from _private_targets(data)
    yield from _quorums(data)
    yield from _secrets(data)
    yield from _twins(data)
    for path, monitor in _values(data, "monitors.*"):
        if isinstance(monitor, dict):
            yield from ((path + below, message) for below, message in _monitor(monitor))


def _dangling(data: Any) -> Iterator[Fault]:
    for pattern, section in REFERENCES:
        known = _section(data, section)
        for path, name in _texts(data, pattern):
            if name not in known:
                yield path, f"`{name}` is not in `{section}`; {nearest(name, known)}"


def _private_targets(data: Any) -> Iterator[Fault]:
    if _section(data, "regions").get("allow_private_targets") is True:
        return
    for path, url in _urls(data):
        if is_private(url):
            yield path, "is a private address; use a public one, or set `regions.allow_private_targets: true`"


def _quorums(data: Any) -> Iterator[Fault]:
    probes = _section(data, "regions").get("probes")
    for path, quorum in _values(data, "monitors.*.quorum"):
        if isinstance(probes, list) and isinstance(quorum, int) and quorum > len(probes):
            yield path, f"asks for {quorum} regions, but checks run from {len(probes)}; use a smaller number or `all`"


def _secrets(data: Any) -> Iterator[Fault]:
    for path, _ in _values(data, "monitors.*.http.headers.*"):
        if SECRET_HEADERS.search(str(path[-1])):
            yield path, "holds a secret; secrets are never in the file"
    for path, url in _urls(data):
        named = SECRET_PARAMETERS & {name.lower().replace("-", "_") for name in query_names(url)}
        if named:
            yield path, f"carries a secret in `{named.pop()}`; secrets are never in the file"


def _twins(data: Any) -> Iterator[Fault]:
    for pattern in ("regions.probes", "status_pages.*.components"):
        for path, listed in _values(data, pattern):
            for number, item in enumerate(listed if isinstance(listed, list) else ()):
                if item in listed[:number]:
                    yield (*path, number), "is listed twice; keep one of them"


def _monitor(monitor: dict[str, Any]) -> Iterator[Fault]:
    every = duration_in(monitor.get("every")) or DEFAULT_EVERY
    timeout = duration_in(monitor.get("timeout")) or default_timeout(every)
    if timeout >= every:
        yield ("timeout",), f"must be shorter than `every` ({spelled(every)}); it is {spelled(timeout)}"
    for path, value in _values(monitor, "expect.latency.below"):
        if (duration_in(value) or ZERO) >= timeout:
            yield path, f"never decides; make it shorter than the timeout ({spelled(timeout)})"
    for _, method in _values(monitor, "http.method"):
        if method == "HEAD" and next(_values(monitor, "expect.body"), None):
            yield ("expect", "body"), "cannot hold, since HEAD is answered without a body; use GET"


def _urls(data: Any) -> Iterator[tuple[Path, str]]:
    return (found for pattern in URLS for found in _texts(data, pattern))


def _section(data: Any, name: str) -> dict[str, Any]:
    section = data.get(name) if isinstance(data, dict) else None
    return section if isinstance(section, dict) else {}


def _texts(data: Any, pattern: str) -> Iterator[tuple[Path, str]]:
    return ((path, value) for path, value in _values(data, pattern) if isinstance(value, str))


def _values(data: Any, pattern: str) -> Iterator[tuple[Path, Any]]:
    """Every value whose path fits a pattern, in which `*` is any key or position."""
    found: list[tuple[Path, Any]] = [((), data)]
    for step in pattern.split("."):
        found = [((*path, key), value) for path, part in found for key, value in _children(part, step)]
    return iter(found)


def _children(part: Any, step: str) -> Iterator[tuple[str | int, Any]]:
    if isinstance(part, dict):
        return ((key, value) for key, value in part.items() if step in ("*", key))
    return iter(enumerate(part)) if isinstance(part, list) and step == "*" else iter(())
