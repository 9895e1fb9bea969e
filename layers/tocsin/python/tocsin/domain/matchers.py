"""What a value has to be. The words are those of the file.

A value is what JSON can say; MISSING is what is not there. Nothing is turned into something else on the way: `"5"` is
not 5, true is not 1, and what cannot be compared does not match.

| operator | holds for |
|---|---|
| `equals` | the same value, also within lists and objects; 1 is 1.0 |
| `above` `at_least` `below` `at_most` | two numbers, or two texts in the order of their characters (as ISO times are) |
| `between` | both ends included |
| `one_of` | any of several equal values |
| `contains` | a text with this part, a list with this item, an object with this key |
| `matches` | a text, or a number as it is written, with a match of the regular expression anywhere |
| `length` | a text, a list or an object of that length |
| `exists` | what is there, null included; with `false` what is not |
| `not` `excludes` `not_matches` | whatever `equals`, `contains`, `matches` do not hold for, so also MISSING |

All others fail for MISSING.
"""

import re
from collections.abc import Callable, Sized
from enum import StrEnum
from typing import Any, Self

from pydantic import JsonValue, model_validator

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
    """`value` is what the operator compares with. Of `length` it is a list of dumped matchers."""

    op: Op
    value: JsonValue = None

    @model_validator(mode="after")
    def _fits_its_operator(self) -> Self:
        if not _OPERANDS.get(self.op, _anything)(self.value):
            raise ValueError(f"{self.op.value} cannot be asked of {self.value!r}")
        return self


class _Missing:
    def __repr__(self) -> str:
        return "missing"


MISSING = _Missing()


def is_met(matcher: Matcher, found: Any) -> bool:
    """Never raises, but `re.error` for a bad expression."""
    if found is MISSING and matcher.op in _OF_WHAT_IS_THERE:
        return False
    return _RULES[matcher.op](found, matcher.value)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(found: Any, value: Any) -> bool:
    """JSON tells true from 1, also deep inside."""
    if isinstance(found, dict) and isinstance(value, dict):
        return found.keys() == value.keys() and all(_same(found[key], value[key]) for key in found)
    if isinstance(found, list | tuple) and isinstance(value, list | tuple):
        return len(found) == len(value) and all(map(_same, found, value))
    return isinstance(found, bool) == isinstance(value, bool) and bool(found == value)


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def rule(found: Any, value: Any) -> bool:
        comparable = (is_number(found) and is_number(value)) or (isinstance(found, str) and isinstance(value, str))
        return comparable and compare(found, value)

    return rule


def _contains(found: Any, value: Any) -> bool:
    if isinstance(found, str):
        return isinstance(value, str) and value in found
    return isinstance(found, list | tuple | dict) and any(_same(each, value) for each in found)


def _matches(found: Any, value: Any) -> bool:
    return (isinstance(found, str) or is_number(found)) and re.search(value, _written(found)) is not None


def _written(found: Any) -> str:
    try:
        return str(found)
    except ValueError:
        return ""  # Python does not write numbers of thousands of digits.


def _length(found: Any, value: Any) -> bool:
    return isinstance(found, Sized) and all(is_met(Matcher.model_validate(each), len(found)) for each in value)


def _in_ranges(found: Any, ranges: Any) -> bool:
    return is_number(found) and any(first <= found <= last for first, last in ranges)


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


def _anything(_: Any) -> bool:
    return True


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


_OPERANDS: dict[Op, Callable[[Any], bool]] = {
    Op.BETWEEN: _is_pair,
    Op.ONE_OF: lambda value: isinstance(value, list),
    Op.MATCHES: lambda value: isinstance(value, str),
    Op.NOT_MATCHES: lambda value: isinstance(value, str),
    Op.LENGTH: lambda value: isinstance(value, list) and all(Matcher.model_validate(each) for each in value),
    Op.EXISTS: lambda value: isinstance(value, bool),
    Op.IN_RANGES: lambda value: (
        isinstance(value, list) and all(_is_pair(each) and all(map(is_number, each)) for each in value)
    ),
}
