"""Which secrets something refers to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tocsin.domain.check_kinds import SecretRef
from tocsin.domain.record import Record


def secret_names(value: Any) -> Iterator[str]:
    """In records, mappings and sequences, however deep."""
    if isinstance(value, SecretRef):
        yield value.secret
    else:
        for part in _parts(value):
            yield from secret_names(part)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Record):
        return (part for _, part in value)
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, tuple | list) else ()
