"""Columns of whole numbers, each as wide as most of its values need: whatever is written is paid for by its size."""

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

Numbers = Sequence[int | None]

_EXCEPTION = 70
"""About as many bits as a value takes that stands apart in the header."""
_LENGTH = 4


def pack(header: dict[str, Any], columns: Mapping[str, Numbers]) -> bytes:
    """`header` is JSON; the columns come after it, and are told apart by it."""
    described, written = {}, []
    for name, numbers in columns.items():
        described[name], column = _packed(numbers)
        written.append(column)
    told = zlib.compress(json.dumps({**header, "_": described}, separators=(",", ":")).encode(), level=9)
    return b"".join((len(told).to_bytes(_LENGTH, "big"), told, *written))


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, list[int | None]]]:
    begin = _LENGTH + int.from_bytes(packed[:_LENGTH], "big")
    header = json.loads(zlib.decompress(packed[_LENGTH:begin]))
    columns = {}
    for name, (count, width, base, apart) in header.pop("_").items():
        end = begin + _bytes(count * width)
        columns[name] = _unpacked(packed[begin:end], count, width, base, apart)
        begin = end
    return header, columns


def _packed(numbers: Numbers) -> tuple[tuple[int, int, int, dict[str, int]], bytes]:
    """How many, how wide, above what, and those that are too large; 0 stands for None and for these."""
    base = min((number for number in numbers if number is not None), default=0)
    values = [0 if number is None else number - base + 1 for number in numbers]
    width = _best_width(values)
    apart = {str(place): value for place, value in enumerate(values) if value >> width}
    whole = sum((0 if value >> width else value) << place * width for place, value in enumerate(values))
    return (len(values), width, base, apart), whole.to_bytes(_bytes(len(values) * width), "little")


def _unpacked(column: bytes, count: int, width: int, base: int, apart: dict[str, int]) -> list[int | None]:
    whole, mask = int.from_bytes(column, "little"), (1 << width) - 1
    values = [whole >> place * width & mask for place in range(count)]
    for place, value in apart.items():
        values[int(place)] = value
    return [value + base - 1 if value else None for value in values]


def _best_width(values: Sequence[int]) -> int:
    """That with which the whole takes least."""
    widths = sorted(value.bit_length() for value in values)
    fitting = {width: count for count, width in enumerate(widths, start=1)}
    spent = {width: width * len(widths) + _EXCEPTION * (len(widths) - count) for width, count in fitting.items()}
    return min(spent, key=lambda width: spent[width], default=0)


def _bytes(bits: int) -> int:
    return (bits + 7) // 8
