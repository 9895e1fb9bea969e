"""What a JMESPath finds in a document."""

import json
from functools import cache
from typing import Any

from tocsin.domain.matchers import MISSING

NOT_JSON = object()


def document_in(body: str) -> Any:
    """NOT_JSON for what is no JSON, or nested deeper than can be read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return NOT_JSON


def value_in(document: Any, path: str) -> Any:
    """MISSING when there is nothing; never raises for a path that compiles.

    JMESPath itself answers null for what is not there. Along a plain path (names and positions, as in
    `items[0].id`) the difference is kept; of any other expression a null is MISSING, and so is one that does not
    apply, as `length(items)` where there are no items.
    """
    compiled = _compiled(path) if path else None
    if document is NOT_JSON or compiled is None:
        return MISSING if document is NOT_JSON else document
    if _is_plain(compiled.parsed):
        return _walked(compiled.parsed, document)
    return _searched(compiled, document)


@cache
def _compiled(path: str) -> Any:
    import jmespath

    return jmespath.compile(path)


def _searched(compiled: Any, document: Any) -> Any:
    try:
        found = compiled.search(document)
    except (ValueError, TypeError, ArithmeticError, RecursionError):  # JMESPath's own are ValueErrors
        return MISSING
    return MISSING if found is None else found


def _is_plain(node: dict[str, Any]) -> bool:
    return node["type"] in {"field", "index", "subexpression", "index_expression", "identity"} and all(
        map(_is_plain, node["children"])
    )


def _walked(node: dict[str, Any], value: Any) -> Any:
    if node["type"] == "field":
        return value.get(node["value"], MISSING) if isinstance(value, dict) else MISSING
    if node["type"] == "index":
        position = node["value"]
        return value[position] if isinstance(value, list) and -len(value) <= position < len(value) else MISSING
    for child in node["children"]:
        value = _walked(child, value)
    return value
