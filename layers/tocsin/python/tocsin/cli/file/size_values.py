"""Sizes in the file: `1MB`, `64 KiB`, or plain bytes."""

import re
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from tocsin.cli.file.wording import shown, wrong

MOST = 10_000_000
_UNITS = {"B": 1, "kB": 1000, "KB": 1000, "MB": 1_000_000, "KiB": 1024, "MiB": 1024 * 1024}
_PATTERN = rf"^([0-9]{{1,9}}) ?({'|'.join(_UNITS)})$"


def _size(value: Any) -> int:
    found = _bytes(value)
    if found is None:
        raise wrong(f"{shown(value)} is not a size; write `1MB`, `64KiB`, or a number of bytes")
    if not 1 <= found <= MOST:
        raise wrong(f"must be from 1B to {MOST // 1_000_000}MB; it is {found} bytes")
    return found


def _bytes(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = re.fullmatch(_PATTERN, value) if isinstance(value, str) else None
    return int(match[1]) * _UNITS[match[2]] if match else None


Size = Annotated[
    int,
    PlainValidator(_size),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": MOST},
                {"type": "string", "pattern": _PATTERN, "examples": ["1MB"]},
            ]
        }
    ),
]
