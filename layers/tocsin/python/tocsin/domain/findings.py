"""What a check has found, held against what was expected of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tocsin.domain.expectations import Expectation, Facts, is_unordered
from tocsin.domain.json_path import document_in, value_in
from tocsin.domain.matchers import MISSING, Matcher, Op, is_met, is_number

_TEXTS = {"body", "headers", "response"}
"""All of it is text, so that a number in it can only be compared as one when it is read as one."""

_NUMBER = r"\s*-?[0-9]{1,300}(\.[0-9]{1,300})?\s*"
_ORDER = {Op.ABOVE, Op.AT_LEAST, Op.BELOW, Op.AT_MOST, Op.BETWEEN}


class Finding(NamedTuple):
    """What made a check down or degraded; `expect` is the fact that it is about."""

    expect: str
    message: str


def unmet(expectations: Sequence[Expectation], facts: Facts) -> list[Finding]:
    """Everything that is not as expected, in the order of the expectations; that a body is no JSON is told once."""
    facts = _with_json(expectations, facts)
    return list(dict.fromkeys(found for each in expectations if (found := _unmet(each, facts))))


def met(conditions: Sequence[Expectation], facts: Facts) -> list[Finding]:
    """The conditions that hold, as for `degraded`, in words."""
    facts = _with_json(conditions, facts)
    return [_met(each, facts) for each in conditions if not _unmet(each, facts)]


def _with_json(expectations: Sequence[Expectation], facts: Facts) -> Facts:
    """Read once for all."""
    return {**facts, "json": _json(facts)} if "json" in [each.fact for each in expectations] else facts


def _json(facts: Facts) -> Any:
    return facts["json"] if "json" in facts else document_in(str(facts.get("body", "")))


def _value_at(expectation: Expectation, facts: Facts) -> Any:
    """What an expectation is about; MISSING when it is not there. Lists whose order means nothing are sorted."""
    if expectation.fact == "json":
        return value_in(_json(facts), expectation.path)
    value = facts.get(expectation.fact, MISSING)
    if expectation.path:
        value = value.get(expectation.path, MISSING) if isinstance(value, Mapping) else MISSING
    return sorted(value) if is_unordered(expectation) and isinstance(value, list | tuple) else value


# Words are imported when there is something to say: most checks are up.


def _met(condition: Expectation, facts: Facts) -> Finding:
    from tocsin.domain.expectation_words import holding

    return Finding(condition.fact, holding(condition, _value_at(condition, facts), facts))


def _not_met(expectation: Expectation, matchers: Sequence[Matcher], found: Any, facts: Facts) -> Finding:
    from tocsin.domain.expectation_words import wanting

    return Finding(expectation.fact, wanting(expectation, matchers, found, facts))


def _unmet(expectation: Expectation, facts: Facts) -> Finding | None:
    found = _value_at(expectation, facts)
    if expectation.over:
        return _unmet_over(expectation, found, facts)
    for matcher in expectation.matchers:
        if not _holds(expectation, matcher, found):
            return _not_met(expectation, (matcher,), found, facts)
    return None


def _unmet_over(expectation: Expectation, found: Any, facts: Facts) -> Finding | None:
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
