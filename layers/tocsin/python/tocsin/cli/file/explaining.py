"""What pydantic found, in words for the person who wrote the file."""

from collections.abc import Callable
from typing import Any

from pydantic_core import ErrorDetails

from tocsin.cli.file.problems import Path
from tocsin.cli.file.wording import meant_by, nearest, shown

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
        return f"is not known here; {_elsewhere(path, known) or nearest(str(path[-1]), known(path[:-1]))}"
    if kind == "missing":
        return f"is missing; add `{path[-1]}: …`"
    if kind in EXPECTED:
        found = error["input"]
        told = "this" if _may_be_secret(path) else shown(found)
        said = "is empty" if found is None else f"{told} is not {EXPECTED[kind]}"
        return f"{said}; {_advice(kind, found, known(path))}"
    return _of_size(kind, context) or f"{error['msg'][:1].lower()}{error['msg'][1:]}"


def _may_be_secret(path: Path) -> bool:
    """What stands there by mistake is not shown."""
    parts = set(path)
    return bool(parts & {"auth", "client_certificate", "headers"}) and not parts & {"expect", "degraded"}


def _elsewhere(path: Path, known: Known) -> str | None:
    """Where it belongs: beside the monitor's parts and not in one of them, or in the path to a part of a JSON."""
    is_within = path[:1] == ("monitors",) and len(path) > 3
    if is_within and path[-1] in known(path[:2]):
        return f"it belongs beside `{path[2]}`, not below it"
    if is_within and path[-3] == "json" and not meant_by(str(path[-1]), known(path[:-1])):
        return f"what lies deeper has a path: `{path[-2]}.{path[-1]}`"
    return None


EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "bool_type": "`true` or `false`",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "list_type": "a list",
}


def _advice(kind: str, found: Any, keys: list[str]) -> str:
    """`keys` are those that may stand in its place."""
    match kind:
        case "string_type":
            return "put it in quotes" if isinstance(found, int | float) else "write text"
        case "int_type":
            return "write one, without a unit or quotes"
        case "bool_type":
            return "leave the quotes out" if found in ("true", "false") else "write one of them"
        case "list_type":
            items = found if isinstance(found, str | int | float) else "one, two"
            return f"write `[{items}]`, or each in a line after `- `"
        case _:
            return f"write it as in `{{{keys[0]}: …}}`" if keys else "write `key: value`"


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
