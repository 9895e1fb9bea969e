"""What was expected, what was found instead, and where, in words for somebody who was asleep a minute ago."""

import re
from collections.abc import Callable, Mapping, Sequence, Sized
from functools import partial
from typing import Any

from tocsin.domain.excerpts import excerpt, shortened
from tocsin.domain.expectations import Expectation, is_unordered
from tocsin.domain.json_path import NOT_JSON
from tocsin.domain.matchers import MISSING, Matcher, Op
from tocsin.domain.timings import REST, phases
from tocsin.domain.value_words import SPANS, shown, size, span

_PLACES = {
    "status": "Status",
    "body": "The body",
    "response": "The response",
    "rcode": "The response code",
    "answers": "The list of answers",
    "http_version": "The HTTP version",
    "headers": "header",
}
_IN_ORDER = {
    Op.ABOVE: "more than {}",
    Op.AT_LEAST: "at least {}",
    Op.BELOW: "less than {}",
    Op.AT_MOST: "at most {}",
    Op.BETWEEN: "{} to {}",
}
_LIMITS = {*_IN_ORDER, Op.LENGTH}
_RELATIONS = _IN_ORDER | {
    Op.EQUALS: "{}",
    Op.NOT: "anything but {}",
    Op.CONTAINS: "something with {} in it",
    Op.EXCLUDES: "something without {}",
}
_AMONG = {Op.CONTAINS: "any", Op.EXCLUDES: "none"}
"""What these mean of a list: an item as a whole, never a part of one."""
_OVER = {"any": "one of them to be ", "all": "all of them to be ", "none": "none of them to be "}

_Found = Mapping[str, Any]


def wanting(expectation: Expectation, matchers: Sequence[Matcher], found: Any, facts: _Found) -> str:
    """Why `found` is not what `matchers` expect."""
    if expectation.fact == "json" and facts.get("json") is NOT_JSON:
        return f"The body is not JSON; {_beginning(str(facts.get('body', '')))}"
    word = _WORDS.get((expectation.fact, matchers[0].op)) if not expectation.over else None
    if word and found is not MISSING:
        return word(expectation, matchers[0], found, facts)
    wanted = " and ".join(_relation(expectation, each) for each in matchers)
    over = _OVER[expectation.over] if expectation.over else ""
    return f"{_sentence(expectation, matchers, found)}, expected {over}{wanted}{_circumstances(expectation, facts)}"


def holding(condition: Expectation, found: Any, facts: _Found) -> str:
    """That a condition holds, and for what."""
    first = condition.matchers[0]
    word = _HOLDING.get((condition.fact, first.op)) if not condition.over else None
    if word and found is not MISSING:
        return word(condition, first, found, facts)
    limits = " and ".join(_relation(condition, each) for each in condition.matchers if each.op in _LIMITS)
    told = f"{_sentence(condition, condition.matchers, found)}{f', {limits}' if limits else ''}"
    return f"{told}{_circumstances(condition, facts)}"


def described(expectation: Expectation) -> tuple[str, str]:
    """Of what, and what is wanted, as a list of changes shows it: `json items[0].id`, `at least 5`."""
    wanted = " and ".join(_relation(expectation, each) for each in expectation.matchers)
    over = f"{expectation.over} of them " if expectation.over else ""
    return f"{expectation.fact} {expectation.path}".strip(), over + wanted


def _sentence(expectation: Expectation, matchers: Sequence[Matcher], found: Any) -> str:
    if (expectation.fact, expectation.path) in SPANS and isinstance(found, int | float):
        lasting, over = SPANS[expectation.fact, expectation.path]
        is_over = found < 0 and over
        return f"{over} {span(expectation, -found)} ago" if is_over else f"{lasting} {span(expectation, found)}"
    if matchers[0].op is Op.LENGTH and isinstance(found, Sized):
        return f"{_place(expectation)} {size(found)}"
    if expectation.fact == "status":
        return f"Status {found}"
    verb = "has" if expectation.over and not isinstance(found, list) else "is"
    return f"{_place(expectation)} {verb} {shown(expectation, found)}"


def _place(expectation: Expectation) -> str:
    return f"{_PLACES.get(expectation.fact, expectation.fact)} {expectation.path}".strip()


def _circumstances(expectation: Expectation, facts: _Found) -> str:
    """Where the time went, or whom we asked for what."""
    told = ""
    if expectation.fact in ("answers", "rcode"):
        told = facts.get("asked", "")
    elif expectation.fact == "latency" and "timings" in facts:
        told = phases(facts["timings"], "body" if "body" in facts else REST)
    return f" ({told})" if told else ""


def _relation(expectation: Expectation, matcher: Matcher) -> str:
    """As the end of "expected …"."""
    value: Any = matcher.value
    if matcher.op in _AMONG and not expectation.over and is_unordered(expectation):
        return f"{_OVER[_AMONG[matcher.op]]}{shown(expectation, value)}"
    if matcher.op in (Op.MATCHES, Op.NOT_MATCHES):
        return f"{'a' if matcher.op is Op.MATCHES else 'no'} match of /{shortened(value)}/"
    if matcher.op is Op.LENGTH:
        return "a length of " + " and ".join(_relation(expectation, Matcher.model_validate(each)) for each in value)
    if matcher.op is Op.EXISTS:
        return "it to be there" if value else "nothing to be there"
    if matcher.op is Op.IN_RANGES:
        return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in value)
    if matcher.op is Op.ONE_OF:
        return f"one of {', '.join(shown(expectation, each) for each in value)}"
    operands = value if matcher.op is Op.BETWEEN else [value]
    return _RELATIONS[matcher.op].format(*(shown(expectation, each) for each in operands))


def _wrong_status(expectation: Expectation, matcher: Matcher, found: Any, facts: _Found) -> str:
    body = str(facts.get("body", ""))
    came = f", with the body {excerpt(body)}" if body.strip() else ""
    return f"Status {found} instead of {_relation(expectation, matcher)}{came}"


def _lacks(expectation: Expectation, matcher: Matcher, found: Any, _: _Found) -> str:
    return f'{_place(expectation)} does not contain "{shortened(str(matcher.value))}"; {_beginning(found)}'


def _contains(expectation: Expectation, matcher: Matcher, found: Any, _: _Found, wish: str = "") -> str:
    where = excerpt(found, found.index(matcher.value))
    return f'{_place(expectation)} contains "{shortened(str(matcher.value))}"{wish}: {where}'


def _no_match(expectation: Expectation, matcher: Matcher, found: Any, _: _Found) -> str:
    return f"Nothing in the {expectation.fact} matches /{shortened(str(matcher.value))}/; {_beginning(found)}"


def _match(expectation: Expectation, matcher: Matcher, found: Any, _: _Found, wish: str = "") -> str:
    match = re.search(str(matcher.value), found)
    where = excerpt(found, match.start() if match else 0)
    return f"{_place(expectation)} matches /{shortened(str(matcher.value))}/{wish}: {where}"


def _beginning(text: str) -> str:
    return f"it begins {excerpt(text)}" if text.strip() else "it is empty"


_Word = Callable[[Expectation, Matcher, Any, _Found], str]


def _of_texts(words: dict[Op, _Word]) -> dict[tuple[str, Op], _Word]:
    return {(fact, op): word for fact in ("body", "response") for op, word in words.items()}


_UNWANTED = ", which it must not"
_WORDS: dict[tuple[str, Op], _Word] = {
    ("status", Op.IN_RANGES): _wrong_status,
    **_of_texts(
        {
            Op.CONTAINS: _lacks,
            Op.EXCLUDES: partial(_contains, wish=_UNWANTED),
            Op.MATCHES: _no_match,
            Op.NOT_MATCHES: partial(_match, wish=_UNWANTED),
        }
    ),
}
_HOLDING: dict[tuple[str, Op], _Word] = {
    **_of_texts({Op.CONTAINS: _contains, Op.EXCLUDES: _lacks, Op.MATCHES: _match, Op.NOT_MATCHES: _no_match}),
}
