"""The published JSON Schema of `tocsin.yaml`, and what it says about a place in the file."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from tocsin.cli.file.problems import Path
from tocsin.cli.file.shape import File

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _WithoutTitles(GenerateJsonSchema):
    """Pydantic's are the names again, in other letters."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


@cache
def schema() -> dict[str, Any]:
    made = File.model_json_schema(schema_generator=_WithoutTitles)
    _tidy(made)
    return {"$schema": DIALECT, "title": "tocsin.yaml", "description": "What Tocsin watches and whom it pages."} | made


def published() -> str:
    """As it stands in `docs/tocsin.schema.json`."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def known_keys(path: Path) -> list[str]:
    """The keys that may stand under `path`; empty when they are free."""
    parts = [schema()]
    for step in path:
        parts = [child for part in parts for child in _below(part, step)]
    return list(dict.fromkeys(key for part in parts for key in part.get("properties", {})))


def _tidy(part: Any) -> None:
    """Pydantic says what ids look like, but not that others are refused; and it repeats its own class names."""
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _tidy(child)
    if not isinstance(part, dict):
        return
    if "patternProperties" in part:
        part["additionalProperties"] = False
    if "properties" in part:
        part.pop("title", None)
    if part.get("default", ...) is None:
        del part["default"]


def _below(part: dict[str, Any], step: str | int) -> Iterator[dict[str, Any]]:
    named = part.get("properties", {}).get(step)
    ids = part.get("patternProperties", {}).values()
    others = part.get("additionalProperties") if named is None else None
    for child in [part.get("items"), named, *ids, others]:
        if isinstance(child, dict):
            yield from _resolved(child)


def _resolved(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The part itself behind its reference, or each of its alternatives."""
    if "$ref" in part:
        part = schema()["$defs"][part["$ref"].rsplit("/", 1)[-1]]
    yield part
    for alternative in part.get("anyOf", []):
        yield from _resolved(alternative)
