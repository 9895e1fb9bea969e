"""How a problem is put into words: what is wrong; what to do."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from tocsin.cli.file.problems import Path

LISTED = 12


def wrong(message: str) -> PydanticCustomError:
    """For a validator to raise. The message reaches the person as it is."""
    return PydanticCustomError("wrong", "{message}", {"message": message})


def wrong_parts(faults: Iterable[tuple[Path, str]]) -> ValidationError:
    """For a validator of a whole entry to raise: each fault at its own path inside the entry."""
    details = [InitErrorDetails(type=wrong(message), loc=path, input=None) for path, message in faults]
    return ValidationError.from_exception_data("entry", details)


def shown(value: Any) -> str:
    """A value from the file, as a person would point at it."""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    kinds = {dict: "a mapping", list: "a list", type(None): "nothing"}
    text = str(value)
    return kinds.get(type(value)) or (f"`{text}`" if len(text) <= 60 else f"`{text[:59]}…`")


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` after a typing mistake, else what there is to choose from."""
    names = list(known)
    found = get_close_matches(word, names, n=1) or get_close_matches(word.lower(), names, n=1)
    if found:
        return f"did you mean `{found[0]}`?"
    listed = ", ".join(f"`{name}`" for name in names[:LISTED])
    return f"choose from {listed}{', …' if len(names) > LISTED else ''}" if names else "there is none yet"
