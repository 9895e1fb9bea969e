"""Finding parts of the file in its plain data, also in one that has mistakes."""

from collections.abc import Iterator
from typing import Any

from tocsin.cli.file.problems import Path

Fault = tuple[Path, str]
"""What is wrong, at the path where it is to be mended."""


def section(data: Any, name: str) -> dict[str, Any]:
    """Empty when it is not there, or no mapping."""
    found = data.get(name) if isinstance(data, dict) else None
    return found if isinstance(found, dict) else {}


def texts(data: Any, *patterns: str) -> Iterator[tuple[Path, str]]:
    return ((path, value) for path, value in values(data, *patterns) if isinstance(value, str))


def values(data: Any, *patterns: str) -> Iterator[tuple[Path, Any]]:
    """Every value whose path fits one of the patterns, in which `*` is any key or position."""
    for pattern in patterns:
        found: list[tuple[Path, Any]] = [((), data)]
        for step in pattern.split("."):
            found = [((*path, key), value) for path, part in found for key, value in _children(part, step)]
        yield from found


def _children(part: Any, step: str) -> Iterator[tuple[str | int, Any]]:
    if isinstance(part, dict):
        return ((key, value) for key, value in part.items() if step in ("*", key))
    return iter(enumerate(part)) if isinstance(part, list) and step == "*" else iter(())
