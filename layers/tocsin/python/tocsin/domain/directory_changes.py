"""What a new directory changes in the old one, in an order that leaves no name leading nowhere on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tocsin.domain.checks import Monitor
from tocsin.domain.directory import Directory
from tocsin.domain.expectation_words import described
from tocsin.domain.expectations import Expectation
from tocsin.domain.record import Record

KINDS = {
    "person": "people",
    "schedule": "schedules",
    "escalation_policy": "escalation_policies",
    "service": "services",
    "monitor": "monitors",
    "status_page": "status_pages",
    "maintenance_window": "maintenance",
}
"""The word for one of them, and the section of the file; each names only those above it."""


class Action(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class FieldChange:
    """`field` is a path such as `layers[0].people`; a value is None where there is none."""

    field: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True)
class Change:
    """One entity. `before` is None for a new one, `after` for one that goes."""

    kind: str
    entity_id: str
    before: Record | None = None
    after: Record | None = None

    @property
    def name(self) -> str:
        """As events name it: `monitor/home`."""
        return f"{self.kind}/{self.entity_id}"

    @property
    def action(self) -> Action:
        if self.before is None:
            return Action.ADDED
        return Action.REMOVED if self.after is None else Action.CHANGED

    def fields(self) -> tuple[FieldChange, ...]:
        """What differs, for a changed one; empty for the others."""
        if self.before is None or self.after is None:
            return ()
        return tuple(_differing("", _told(self.before), _told(self.after)))


def changes(before: Directory | None, after: Directory) -> tuple[Change, ...]:
    """Additions and changes from what is named to what names it, then removals the other way round."""
    entities_before, entities_after = _entities(before), _entities(after)
    written = [
        Change(kind, entity_id, entities_before.get((kind, entity_id)), entity)
        for (kind, entity_id), entity in entities_after.items()
        if entities_before.get((kind, entity_id)) != entity
    ]
    removed = [
        Change(kind, entity_id, before=entity)
        for (kind, entity_id), entity in reversed(entities_before.items())
        if (kind, entity_id) not in entities_after
    ]
    return (*written, *removed)


def _entities(directory: Directory | None) -> dict[tuple[str, str], Record]:
    if directory is None:
        return {}
    single: dict[tuple[str, str], Record] = {
        ("organization", "organization"): directory.organization,
        ("regions", "regions"): directory.regions,
    }
    sections: Iterator[tuple[str, Mapping[str, Record]]] = (
        (kind, getattr(directory, section)) for kind, section in KINDS.items()
    )
    return single | {(kind, key): entity for kind, entities in sections for key, entity in entities.items()}


def _told(entity: Record) -> dict[str, Any]:
    """Expectations are told in words, by what they are about: as records they would be hard to read."""
    if not isinstance(entity, Monitor):
        return entity.model_dump()
    plain = entity.model_dump(exclude={"expect", "degraded_when"})
    return plain | {"expect": _wishes(entity.expect), "degraded": _wishes(entity.degraded_when)}


def _wishes(expectations: tuple[Expectation, ...]) -> dict[str, str]:
    wishes: dict[str, list[str]] = {}
    for name, wanted in map(described, expectations):
        wishes.setdefault(name, []).append(wanted)
    return {name: "; ".join(wanted) for name, wanted in wishes.items()}


def _differing(path: str, before: Any, after: Any) -> Iterator[FieldChange]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before | after:
            yield from _differing(f"{path}.{key}".lstrip("."), before.get(key), after.get(key))
    elif isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _differing(f"{path}[{number}]", old, new)
    else:
        yield FieldChange(path, before, after)
