"""What a check's findings have to be, and what to say when they are not.

A probe finds *facts*, by name; an expectation names a fact, where in it to look, and what must hold there.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from pydantic import JsonValue

from tocsin.domain.json_path import document_in, value_in
from tocsin.domain.matchers import MISSING, Matcher, Op, is_met, is_number
from tocsin.domain.record import Record

Facts = Mapping[str, Any]
"""`status` int · `body` str · `headers` {lower-case name: str} · `http_version` `1.1` or `2` · `latency` seconds ·
`response` str (what any other protocol answered) · `answers` list of str · `rcode` str · `asked` str (whom for what, in
messages about these two) · `certificate` {valid_for, all_valid_for: seconds; issuer, protocol: str; names: list of str}
· `registration` {valid_for: seconds; registrar: str; status: list of str} · `timings` Timings.

`json` is the body, read.
"""

_TEXTS = {"body", "headers", "response"}
"""All of it is text, so that a number in it can only be compared as one when it is read as one."""

_NUMBER = r"\s*-?[0-9]{1,300}(\.[0-9]{1,300})?\s*"
_ORDER = {Op.ABOVE, Op.AT_LEAST, Op.BELOW, Op.AT_MOST, Op.BETWEEN}
_UNORDERED = {("answers", ""), ("certificate", "names"), ("registration", "status")}


class Expectation(Record):
    """All `matchers` must hold for the fact `fact` at `path`: of `json` a JMESPath, of the others a key in lower case.

    With `over`, the fact is a list, and it says how many items there must be for which they all hold; `all` of an
    empty list do not.
    """

    fact: str
    path: str = ""
    over: Literal["any", "all", "none"] | None = None
    matchers: tuple[Matcher, ...]


class Unmet(NamedTuple):
    expect: str
    message: str


def unmet(expectations: Sequence[Expectation], facts: Facts) -> list[Unmet]:
    """Everything that is not as expected, in the order of the expectations; that a body is no JSON is told once."""
    facts = _with_json(expectations, facts)
    return list(dict.fromkeys(found for each in expectations if (found := _unmet(each, facts))))


def met(conditions: Sequence[Expectation], facts: Facts) -> list[Unmet]:
    """The conditions that hold, as for `degraded`, in words."""
    facts = _with_json(conditions, facts)
    return [_met(each, facts) for each in conditions if not _unmet(each, facts)]


def value_at(expectation: Expectation, facts: Facts) -> Any:
    """What an expectation is about; MISSING when it is not there. Lists whose order means nothing are sorted."""
    if expectation.fact == "json":
        return value_in(_json(facts), expectation.path)
    value = facts.get(expectation.fact, MISSING)
    if expectation.path:
        value = value.get(expectation.path, MISSING) if isinstance(value, Mapping) else MISSING
    return sorted(value) if is_unordered(expectation) and isinstance(value, list | tuple) else value


def is_unordered(expectation: Expectation) -> bool:
    """Whether it is about a list of texts whose order means nothing."""
    return (expectation.fact, expectation.path) in _UNORDERED


def status_codes(*ranges: tuple[int, int]) -> Expectation:
    return unasked("status", Op.IN_RANGES, [list(each) for each in ranges])


def unasked(fact: str, op: Op, value: JsonValue) -> Expectation:
    """Not validated: modules do this when they are imported, and making the validators takes longer than the import."""
    matcher = Matcher.model_construct(op=op, value=value)
    return Expectation.model_construct(fact=fact, path="", over=None, matchers=(matcher,))


def _with_json(expectations: Sequence[Expectation], facts: Facts) -> Facts:
    """Read once for all."""
    return {**facts, "json": _json(facts)} if any(each.fact == "json" for each in expectations) else facts


def _json(facts: Facts) -> Any:
    return facts["json"] if "json" in facts else document_in(str(facts.get("body", "")))


# Words are imported when there is something to say: most checks are up.


def _met(condition: Expectation, facts: Facts) -> Unmet:
    from tocsin.domain.expectation_words import holding

    return Unmet(condition.fact, holding(condition, value_at(condition, facts), facts))


def _not_met(expectation: Expectation, matchers: Sequence[Matcher], found: Any, facts: Facts) -> Unmet:
    from tocsin.domain.expectation_words import wanting

    return Unmet(expectation.fact, wanting(expectation, matchers, found, facts))


def _unmet(expectation: Expectation, facts: Facts) -> Unmet | None:
    found = value_at(expectation, facts)
    if expectation.over:
        return _unmet_over(expectation, found, facts)
    failing = next((each for each in expectation.matchers if not _holds(expectation, each, found)), None)
    return _not_met(expectation, (failing,), found, facts) if failing else None


def _unmet_over(expectation: Expectation, found: Any, facts: Facts) -> Unmet | None:
    """Told is the item that is to blame, if there is one."""
    items = found if isinstance(found, list) else []
    judged = [(all(is_met(each, item) for each in expectation.matchers), item) for item in items]
    good, bad = ([item for is_good, item in judged if is_good is wanted] for wanted in (True, False))
    if {"any": bool(good), "all": bool(good) and not bad, "none": not good}[expectation.over or "any"]:
        return None
    blamed = {"all": bad, "none": good}.get(expectation.over or "any") or [found]
    return _not_met(expectation, expectation.matchers, blamed[0], facts)


def _holds(expectation: Expectation, matcher: Matcher, found: Any) -> bool:
    if expectation.fact in _TEXTS and matcher.op in _ORDER:
        found = _as_number(found, matcher.value)
    return is_met(matcher, found)


def _as_number(found: Any, value: Any) -> Any:
    """Of a text that is to be compared with a number, its number if it is one."""
    with_number = all(map(is_number, value)) if isinstance(value, list) else is_number(value)
    return float(found) if with_number and isinstance(found, str) and re.fullmatch(_NUMBER, found) else found
