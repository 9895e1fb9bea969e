"""What one part of the file says about another: names that lead nowhere, and parts that do not go together.

It reads the plain data, so that it also finds what is wrong in a file that has other mistakes.
"""

from collections.abc import Iterator
from typing import Any

from tocsin.cli.file.problems import Path
from tocsin.cli.file.text_values import is_private
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

Fault = tuple[Path, str]


def faults(data: Any) -> Iterator[Fault]:
    yield from _dangling(data)
    yield from _private_targets(data)
    yield from _quorums(data)


def _dangling(data: Any) -> Iterator[Fault]:
    for pattern, section in REFERENCES:
        known = _section(data, section)
        for path, name in _texts(data, pattern):
            if name not in known:
                yield path, f"`{name}` is not in `{section}`; {nearest(name, known)}"


def _private_targets(data: Any) -> Iterator[Fault]:
    if _section(data, "regions").get("allow_private_targets") is True:
        return
    for pattern in URLS:
        for path, url in _texts(data, pattern):
            if is_private(url):
                yield path, "is a private address; use a public one, or set `regions.allow_private_targets: true`"


def _quorums(data: Any) -> Iterator[Fault]:
    probes = _section(data, "regions").get("probes")
    for path, quorum in _values(data, "monitors.*.quorum"):
        if isinstance(probes, list) and isinstance(quorum, int) and quorum > len(probes):
            yield path, f"asks for {quorum} regions, but checks run from {len(probes)}; use a smaller number or `all`"


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
