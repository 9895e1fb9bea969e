"""How a problem is put into words: what is wrong; what to do."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic_core import PydanticCustomError

LISTED = 12


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


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` after a typing mistake, else what there is to choose from."""
    names = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), names, n=1)
    if found:
        return f"did you mean `{names[found[0]]}`?"
    listed = ", ".join(f"`{name}`" for name in list(names.values())[:LISTED])
    return f"choose from {listed}{', …' if len(names) > LISTED else ''}" if names else "there is none yet"
