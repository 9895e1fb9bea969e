"""What matchers compare with: numbers, lengths of time, anything that JSON can say."""

from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema

from tocsin.cli.file.time_values import Duration, Lasting
from tocsin.cli.file.wording import shown, wrong

LEAST, MOST = 1e-30, 1e30
"""The table keeps 38 digits."""


def _in_order(value: list[str]) -> list[str]:
    """As what is found is put in order, too."""
    return sorted(value)


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise wrong(f"{shown(value)} is not a number; write one, without a unit or quotes")
    if value and not LEAST <= abs(value) <= MOST:
        raise wrong(f"{shown(value)} is more than can be kept exactly; numbers go from {LEAST:g} to {MOST:g}")
    return value


def _comparable(value: Any) -> str | int | float:
    return value if isinstance(value, str) else _number(value)


def _json(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    if isinstance(value, list):
        return [_json(each) for each in value]
    return {key: _json(each) for key, each in value.items()} if isinstance(value, dict) else value


def _ascending(value: list[Any]) -> list[Any]:
    first, last = value
    if isinstance(first, str) != isinstance(last, str):
        raise wrong("goes from a number to text; write two numbers, or two texts")
    if last < first:
        raise wrong("ends before it begins; write the smaller one first")
    return value


Count = Annotated[int, Field(ge=0, le=1_000_000_000)]
Part = Annotated[str, Field(min_length=1, max_length=1000)]
Latency = Annotated[Duration, Lasting("1ms", "30s")]
Period = Annotated[Duration, Lasting("0s", "3650 days")]
Number = Annotated[int | float, PlainValidator(_number), WithJsonSchema({"type": "number"})]
Comparable = Annotated[str | int | float, PlainValidator(_comparable), WithJsonSchema({"type": ["number", "string"]})]
Json = Annotated[Any, PlainValidator(_json), WithJsonSchema({})]
JsonLiteral = Annotated[Any, WithJsonSchema({"type": ["string", "number", "boolean", "null", "array"]})]
T = TypeVar("T")
Pair = Annotated[list[T], Field(min_length=2, max_length=2), AfterValidator(_ascending)]
Sorted = Annotated[list[str], Field(max_length=100), AfterValidator(_in_order)]
Choices = Annotated[list[T], Field(min_length=1, max_length=100)]
