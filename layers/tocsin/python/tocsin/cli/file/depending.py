"""Monitors that depend, in the end, on themselves."""

from collections.abc import Iterator
from typing import Any

from tocsin.cli.file.walking import Fault, section

Parents = dict[str, list[str]]


def circles(data: Any) -> Iterator[Fault]:
    """Each at the name that closes it."""
    parents = {name: _parents(monitor) for name, monitor in section(data, "monitors").items()}
    seen: set[str] = set()
    for name in parents:
        if name not in seen:
            yield from _closed_from(name, parents, seen)


def _parents(monitor: Any) -> list[str]:
    listed = monitor.get("depends_on") if isinstance(monitor, dict) else None
    return [str(parent) for parent in listed] if isinstance(listed, list) else []


def _closed_from(start: str, parents: Parents, seen: set[str]) -> Iterator[Fault]:
    """Depth first and without recursion: a chain may be as long as the file."""
    trail = [start]
    waiting = [enumerate(parents[start])]
    seen.add(start)
    while trail:
        number, parent = next(waiting[-1], (0, None))
        if parent is None:
            trail.pop()
            waiting.pop()
        elif parent in trail:
            circle = [*trail[trail.index(parent) :], parent]
            yield ("monitors", trail[-1], "depends_on", number), _told(circle)
        elif parent in parents and parent not in seen:
            seen.add(parent)
            trail.append(parent)
            waiting.append(enumerate(parents[parent]))


def _told(circle: list[str]) -> str:
    if len(circle) == 2:
        return "is the monitor itself; leave it out"
    return f"leads back to where it began: {' → '.join(f'`{name}`' for name in circle)}; leave one of them out"
