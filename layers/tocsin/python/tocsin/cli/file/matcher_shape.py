"""The language of matchers: what a value has to be. `domain/matchers.py` says what each operator means.

A value alone is equality, or `at_least` where a length of time is meant; a mapping is made of operators, which must
all hold.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, model_validator

from tocsin.cli.file.entry import Entry, unsaid
from tocsin.cli.file.matcher_values import (
    Choices,
    Comparable,
    Count,
    Json,
    JsonLiteral,
    Latency,
    Number,
    Pair,
    Part,
    Period,
    Sorted,
)
from tocsin.cli.file.text_values import HttpVersion, RegularExpression
from tocsin.cli.file.time_values import duration_in
from tocsin.cli.file.wording import shown, wrong
from tocsin.domain.expectations import Expectation
from tocsin.domain.matchers import Matcher, Op


class MatcherEntry(Entry):
    """Every field is an operator."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            operators = ", ".join(f"`{field.alias or name}`" for name, field in type(self).model_fields.items())
            raise wrong(f"says nothing; write at least one of {operators}")
        return self

    def said(self) -> dict[str, Any]:
        """The operators that are there, in an order that does not depend on the file's."""
        fields = type(self).model_fields.items()
        return {field.alias or name: getattr(self, name) for name, field in fields if name in self.model_fields_set}

    def matchers(self) -> tuple[Matcher, ...]:
        return _made(self.said())


def _made(said: dict[str, Any]) -> tuple[Matcher, ...]:
    return tuple(Matcher(op=Op(name), value=_operand(value)) for name, value in said.items())


def _operand(value: Any) -> Any:
    """As the domain has it: lengths of time in seconds, matchers as data."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list):
        return [_operand(each) for each in value]
    return [each.model_dump(mode="json") for each in value.matchers()] if isinstance(value, MatcherEntry) else value


def _equality(value: Any) -> Any:
    return value if isinstance(value, dict) else {"equals": value}


def _at_least(value: Any) -> Any:
    return value if isinstance(value, dict) else {"at_least": value}


def _directed(value: Any) -> Any:
    if isinstance(value, str):
        span = value if duration_in(value) else "500ms"
        raise wrong(f"{shown(value)} does not say which way; write `{{below: {span}}}` or `{{above: {span}}}`")
    return value


def _listed(value: Any) -> Any:
    return value if isinstance(value, dict) else {"equals": value if isinstance(value, list) else [value]}


class CountMatcher(MatcherEntry):
    equals: Count = unsaid()
    not_: Count = unsaid("not")
    above: Count = unsaid()
    at_least: Count = unsaid()
    below: Count = unsaid()
    at_most: Count = unsaid()
    between: Pair[Count] = unsaid()
    one_of: Choices[Count] = unsaid()


Length = Annotated[CountMatcher, BeforeValidator(_equality, json_schema_input_type=Count | CountMatcher)]


class TextMatcher(MatcherEntry):
    equals: str = unsaid()
    not_: str = unsaid("not")
    one_of: Choices[str] = unsaid()
    contains: Part = unsaid()
    excludes: Part = unsaid()
    matches: RegularExpression = unsaid()
    """A regular expression, searched for."""
    not_matches: RegularExpression = unsaid()
    length: Length = unsaid()
    exists: bool = unsaid()


class VersionMatcher(MatcherEntry):
    equals: HttpVersion = unsaid()
    not_: HttpVersion = unsaid("not")


class HeaderMatcher(TextMatcher):
    """A header that is to be more or less than a number is read as a number."""

    above: Number = unsaid()
    at_least: Number = unsaid()
    below: Number = unsaid()
    at_most: Number = unsaid()
    between: Pair[Number] = unsaid()


class JsonMatcher(MatcherEntry):
    equals: Json = unsaid()
    not_: Json = unsaid("not")
    above: Comparable = unsaid()
    at_least: Comparable = unsaid()
    below: Comparable = unsaid()
    at_most: Comparable = unsaid()
    between: Pair[Comparable] = unsaid()
    one_of: Choices[Json] = unsaid()
    contains: Json = unsaid()
    excludes: Json = unsaid()
    matches: RegularExpression = unsaid()
    """A regular expression, searched for."""
    not_matches: RegularExpression = unsaid()
    length: Length = unsaid()
    exists: bool = unsaid()


class LatencyMatcher(MatcherEntry):
    above: Latency = unsaid()
    at_least: Latency = unsaid()
    below: Latency = unsaid()
    """A slower answer is a failure."""
    at_most: Latency = unsaid()
    between: Pair[Latency] = unsaid()


class PeriodMatcher(MatcherEntry):
    above: Period = unsaid()
    at_least: Period = unsaid()
    below: Period = unsaid()
    at_most: Period = unsaid()
    between: Pair[Period] = unsaid()


TextValue = Annotated[TextMatcher, BeforeValidator(_equality, json_schema_input_type=str | TextMatcher)]
VersionValue = Annotated[
    VersionMatcher, BeforeValidator(_equality, json_schema_input_type=HttpVersion | VersionMatcher)
]
HeaderText = Annotated[HeaderMatcher, BeforeValidator(_equality, json_schema_input_type=str | HeaderMatcher)]
JsonValue = Annotated[JsonMatcher, BeforeValidator(_equality, json_schema_input_type=JsonLiteral | JsonMatcher)]
LatencyValue = Annotated[LatencyMatcher, BeforeValidator(_directed)]
ValidFor = Annotated[PeriodMatcher, BeforeValidator(_at_least, json_schema_input_type=Period | PeriodMatcher)]


class ListMatcher(MatcherEntry):
    """Of a list of texts whose order means nothing."""

    any: TextValue = unsaid()
    """At least one of them."""
    all: TextValue = unsaid()
    """Each of them, and there must be one."""
    none: TextValue = unsaid()
    """Not one of them."""
    equals: Sorted = unsaid()
    not_: Sorted = unsaid("not")
    contains: str = unsaid()
    excludes: str = unsaid()
    length: Length = unsaid()

    def expectations(self, fact: str, path: str) -> Iterator[Expectation]:
        """One for each of `any`, `all` and `none`, and one for the list as such."""
        said = self.said()
        for over in ("any", "all", "none"):
            if entry := said.pop(over, None):
                yield Expectation(fact=fact, path=path, over=over, matchers=entry.matchers())
        if said:
            yield Expectation(fact=fact, path=path, matchers=_made(said))


TextList = Annotated[ListMatcher, BeforeValidator(_listed, json_schema_input_type=str | list[str] | ListMatcher)]
"""Texts alone are all that there may be."""
