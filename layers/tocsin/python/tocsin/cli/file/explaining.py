"""What pydantic found, in words for the person who wrote the file."""

from collections.abc import Callable
from typing import Any

from pydantic_core import ErrorDetails

from tocsin.cli.file.problems import Path
from tocsin.cli.file.wording import nearest, shown

KEY = "[key]"
"""Pydantic's last step in a path that points at a key."""

NO_RAW_SOCKETS = {("icmp",), ("ping",)}

Known = Callable[[Path], list[str]]


def explain(error: ErrorDetails, known: Known) -> str:
    """What is wrong; what to do. `known` names the keys that may stand under a path."""
    kind, path, context = error["type"], error["loc"], error.get("ctx", {})
    if kind == "extra_forbidden":
        if path[:1] == ("monitors",) and path[2:] in NO_RAW_SOCKETS:
            return (
                "cannot be checked: Lambda cannot send ICMP; check a port that answers, as in `tcp: acme.example:443`"
            )
        return f"is not known here; {nearest(str(path[-1]), known(path[:-1]))}"
    if kind == "missing":
        return f"is missing; add `{path[-1]}: …`"
    if kind in EXPECTED:
        return _unexpected(*EXPECTED[kind], error["input"])
    return _of_size(kind, context) or f"{error['msg'][:1].lower()}{error['msg'][1:]}"


EXPECTED = {
    "string_type": ("text", "write text"),
    "int_type": ("a whole number", "write one, without a unit or quotes"),
    "bool_type": ("`true` or `false`", "write one of them"),
    "dict_type": ("a mapping", "write `key: value`"),
    "model_type": ("a mapping", "write `key: value`"),
    "list_type": ("a list", "write `[one, two]`, or each in a line after `- `"),
}


def _unexpected(expected: str, advice: str, found: Any) -> str:
    number_as_text = expected == "text" and isinstance(found, int | float)
    return f"{shown(found)} is not {expected}; {'put it in quotes' if number_as_text else advice}"


def _of_size(kind: str, context: dict[str, Any]) -> str | None:
    words = {
        "greater_than_equal": "is too small; the least is {ge}",
        "less_than_equal": "is too large; the most is {le}",
        "too_short": "has too few entries; the least is {min_length}",
        "too_long": "has too many entries; the most is {max_length}",
        "string_too_short": "is empty; write something, or leave it out",
        "string_too_long": "is too long; the most is {max_length} characters",
    }
    return words[kind].format(**context) if kind in words else None
