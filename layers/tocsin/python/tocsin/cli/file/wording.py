"""How a problem is put into words: what is wrong; what to do."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic_core import PydanticCustomError

LISTED = 12
ALIKE = 0.65
"""Of the letters, from when on a word may be a mistyped other."""
OTHER_NAMES = {
    "interval": "every",
    "frequency": "every",
    "schedule": "cron",
    "severity": "service",
    "runbook": "service",
    "cron": "heartbeat",
    "https": "http",
    "ssl": "tls",
    "url": "http",
    "host": "address",
    "hostname": "address",
    "port": "address",
    "start": "from",
    "end": "to",
    "duration": "lasts",
    "enabled": "paused",
    "disabled": "paused",
    "threshold": "confirm",
    "retries": "confirm",
    "days": "valid_for",
    "expires_in": "valid_for",
    "eq": "equals",
    "ne": "not",
    "gt": "above",
    "greater_than": "above",
    "gte": "at_least",
    "min": "at_least",
    "lt": "below",
    "less_than": "below",
    "lte": "at_most",
    "max": "at_most",
    "in": "one_of",
    "regex": "matches",
    "starts_with": "matches",
    "ends_with": "matches",
    "not_contains": "excludes",
}
"""What other tools call it, or where it belongs."""


def wrong(message: str) -> PydanticCustomError:
    """For a validator to raise. The message reaches the person as it is."""
    return PydanticCustomError("wrong", "{message}", {"message": message})


def shown(value: Any) -> str:
    """A value from the file, as a person would point at it, on one line."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing"}
    text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in str(value))
    return kinds.get(type(value)) or (f"`{text}`" if len(text) <= 60 else f"`{text[:59]}…`")


def meant_by(word: str, known: Iterable[str]) -> str | None:
    """The known name that was mistyped, or is called otherwise elsewhere."""
    names = list(known)
    other = OTHER_NAMES.get(word.lower())
    return other if other in names else next(iter(get_close_matches(word.lower(), names, n=1, cutoff=ALIKE)), None)


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` after a typing mistake, else what there is to choose from."""
    names = {name.lower(): name for name in known}
    meant = meant_by(word, names)
    if meant:
        return f"did you mean `{names[meant]}`?"
    listed = ", ".join(f"`{name}`" for name in list(names.values())[:LISTED])
    return f"choose from {listed}{', …' if len(names) > LISTED else ''}" if names else "there is none yet"
