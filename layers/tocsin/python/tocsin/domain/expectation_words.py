"""What was expected, what was found instead, and where, in words for somebody who was asleep a minute ago."""

import json
import re
from collections.abc import Callable, Mapping, Sequence, Sized
from datetime import timedelta
from functools import partial
from typing import Any

from tocsin.domain.duration import in_words
from tocsin.domain.excerpts import excerpt, shortened
from tocsin.domain.expectations import Expectation
from tocsin.domain.json_path import NOT_JSON
from tocsin.domain.matchers import MISSING, Matcher, Op
from tocsin.domain.timings import phases

_SECRET = re.compile(r"authorization|cookie|token|secret|password|api-?key|session")
"""Headers whose values no message shows."""

_PLACES = {
    "status": "Status",
    "body": "The body",
    "response": "The response",
    "rcode": "The response code",
    "answers": "The list of answers",
    "http_version": "The HTTP version",
    "headers": "header",
}
_SPANS = {
    ("latency", ""): ("The answer took", ""),
    ("certificate", "valid_for"): ("The certificate is valid for", "The certificate expired"),
    ("certificate", "all_valid_for"): ("One of the certificates is valid for", "One of the certificates expired"),
    ("registration", "valid_for"): ("The domain is registered for", "The domain's registration expired"),
}
"""Facts that are lengths of time, in seconds: what is said of one, and of one that is over."""

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
_OVER = {"any": "one of them to be ", "all": "all of them to be ", "none": "none of them to be "}

_Found = Mapping[str, Any]


def wanting(expectation: Expectation, matchers: Sequence[Matcher], found: Any, facts: _Found) -> str:
    """Why `found` is not what `matchers` expect."""
    if expectation.fact == "json" and facts.get("json") is NOT_JSON:
        return f"The body is not JSON, so it has no {expectation.path}; {_beginning(str(facts.get('body', '')))}"
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
    if (expectation.fact, expectation.path) in _SPANS and isinstance(found, int | float):
        lasting, over = _SPANS[expectation.fact, expectation.path]
        is_over = found < 0 and over
        return f"{over} {_span(expectation, -found)} ago" if is_over else f"{lasting} {_span(expectation, found)}"
    if matchers[0].op is Op.LENGTH and isinstance(found, Sized):
        return f"{_place(expectation)} is {len(found)} long"
    if expectation.fact == "status":
        return f"Status {found}"
    verb = "has" if expectation.over and not isinstance(found, list) else "is"
    return f"{_place(expectation)} {verb} {_shown(expectation, found)}"


def _place(expectation: Expectation) -> str:
    return f"{_PLACES.get(expectation.fact, expectation.fact)} {expectation.path}".strip()


def _circumstances(expectation: Expectation, facts: _Found) -> str:
    """Where the time went, or whom we asked for what."""
    spent = phases(facts["timings"]) if expectation.fact == "latency" and "timings" in facts else ""
    told = facts.get("asked", "") if expectation.fact in ("answers", "rcode") else spent
    return f" ({told})" if told else ""


def _relation(expectation: Expectation, matcher: Matcher) -> str:
    """As the end of "expected …"."""
    value: Any = matcher.value
    if matcher.op in (Op.MATCHES, Op.NOT_MATCHES):
        return f"{'a' if matcher.op is Op.MATCHES else 'no'} match of /{shortened(value)}/"
    if matcher.op is Op.LENGTH:
        return "a length of " + " and ".join(_relation(expectation, Matcher.model_validate(each)) for each in value)
    if matcher.op is Op.EXISTS:
        return "it to be there" if value else "nothing to be there"
    if matcher.op is Op.IN_RANGES:
        return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in value)
    if matcher.op is Op.ONE_OF:
        return f"one of {', '.join(_shown(expectation, each) for each in value)}"
    operands = value if matcher.op is Op.BETWEEN else [value]
    return _RELATIONS[matcher.op].format(*(_shown(expectation, each) for each in operands))


def _shown(expectation: Expectation, value: Any) -> str:
    if value is MISSING:
        return "missing"
    if expectation.fact == "headers" and _SECRET.search(expectation.path):
        return "•••"
    if (expectation.fact, expectation.path) in _SPANS and isinstance(value, int | float):
        return _span(expectation, value)
    if isinstance(value, str):
        return excerpt(value) if expectation.fact in ("body", "response") else f'"{shortened(" ".join(value.split()))}"'
    return shortened(_as_json(value))


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return "too much to show"


def _span(expectation: Expectation, seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if expectation.fact == "latency" else in_words(timedelta(seconds=seconds))


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
