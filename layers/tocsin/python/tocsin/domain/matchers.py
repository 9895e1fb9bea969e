"""What a value has to be. The words are those of the file."""

import re
from collections.abc import Callable, Sized
from enum import StrEnum
from typing import Any

from pydantic import JsonValue

from tocsin.domain.record import Record


class Op(StrEnum):
    EQUALS = "equals"
    NOT = "not"
    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    BETWEEN = "between"
    ONE_OF = "one_of"
    CONTAINS = "contains"
    EXCLUDES = "excludes"
    MATCHES = "matches"
    NOT_MATCHES = "not_matches"
    LENGTH = "length"
    EXISTS = "exists"
    IN_RANGES = "in_ranges"
    """Of HTTP status codes: `value` is a list of pairs, both ends included. The file writes `[200-299, 304]`."""


class Matcher(Record):
    """`value` is what the operator compares with. Of `length` it is a number, or a list of dumped matchers."""

    op: Op
    value: JsonValue = None


class _Missing:
    """What is not there: every matcher fails but `exists: false`, `not`, `excludes` and `not_matches`."""

    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()


def is_met(matcher: Matcher, found: Any) -> bool:
    """Never raises for the types: what cannot be compared does not match. `re.error` for a bad expression."""
    if found is MISSING and matcher.op in _OF_WHAT_IS_THERE:
        return False
    return _RULES[matcher.op](found, matcher.value)


def _same(found: Any, value: Any) -> bool:
    """JSON tells true from 1."""
    return isinstance(found, bool) == isinstance(value, bool) and bool(found == value)


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def rule(found: Any, value: Any) -> bool:
        numbers = _is_number(found) and _is_number(value)
        return compare(found, value) if numbers or (isinstance(found, str) and isinstance(value, str)) else False

    return rule


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _contains(found: Any, value: Any) -> bool:
    if isinstance(found, str):
        return isinstance(value, str) and value in found
    return isinstance(found, list | tuple | dict) and any(_same(each, value) for each in found)


def _matches(found: Any, value: Any) -> bool:
    return isinstance(found, str | int | float) and re.search(str(value), str(found)) is not None


def _length(found: Any, value: Any) -> bool:
    if not isinstance(found, Sized):
        return False
    if isinstance(value, list):
        return all(is_met(Matcher.model_validate(each), len(found)) for each in value)
    return bool(len(found) == value)


def _in_ranges(found: Any, ranges: Any) -> bool:
    return any(first <= found <= last for first, last in ranges)


_at_least = _compared(lambda found, value: found >= value)
_at_most = _compared(lambda found, value: found <= value)

_RULES: dict[Op, Callable[[Any, Any], bool]] = {
    Op.EQUALS: _same,
    Op.NOT: lambda found, value: not _same(found, value),
    Op.ABOVE: _compared(lambda found, value: found > value),
    Op.AT_LEAST: _at_least,
    Op.BELOW: _compared(lambda found, value: found < value),
    Op.AT_MOST: _at_most,
    Op.BETWEEN: lambda found, value: _at_least(found, value[0]) and _at_most(found, value[1]),
    Op.ONE_OF: lambda found, value: any(_same(found, each) for each in value),
    Op.CONTAINS: _contains,
    Op.EXCLUDES: lambda found, value: not _contains(found, value),
    Op.MATCHES: _matches,
    Op.NOT_MATCHES: lambda found, value: not _matches(found, value),
    Op.LENGTH: _length,
    Op.EXISTS: lambda found, value: (found is not MISSING) is value,
    Op.IN_RANGES: _in_ranges,
}
_OF_WHAT_IS_THERE = frozenset(Op) - {Op.NOT, Op.EXCLUDES, Op.NOT_MATCHES, Op.EXISTS}
