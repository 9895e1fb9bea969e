"""What a check's findings have to be, and what to say when they are not.

A probe finds *facts*, by name; an expectation names a fact, where in it to look, and what must hold there.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, NamedTuple

from tocsin.domain.matchers import MISSING, Matcher, Op, is_met
from tocsin.domain.record import Record
from tocsin.domain.timings import phases

EXCERPT = 160
"""Characters of what was found that a message shows."""

DURATIONS = {
    ("latency", ""),
    ("certificate", "valid_for"),
    ("certificate", "all_valid_for"),
    ("registration", "valid_for"),
}
"""Facts that are lengths of time: here, and in their matchers, in seconds."""

_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,1000}>", re.IGNORECASE | re.DOTALL)

Facts = Mapping[str, Any]
"""`status` int · `body` str · `headers` {lower-case name: str} · `latency` seconds · `response` str (what any other
protocol answered) · `answers` list of str · `rcode` str · `certificate` {valid_for, all_valid_for: seconds; issuer,
protocol: str; names: list of str} · `registration` {valid_for: seconds; registrar: str; status: list of str} ·
`timings` Timings.
"""


class Expectation(Record):
    """All `matchers` must hold for the fact `fact` at `path`: of `json` a JMESPath (the fact is the body), of the
    others a key in lower case. `over` says how many of a list's items they must hold for.
    """

    fact: str
    path: str = ""
    over: Literal["any", "all", "none"] | None = None
    matchers: tuple[Matcher, ...]


class Unmet(NamedTuple):
    expect: str
    message: str


def unmet(expectations: Sequence[Expectation], facts: Facts) -> list[Unmet]:
    """Everything that is not as expected, in the order of the expectations."""
    return [found for each in expectations if (found := _unmet(each, facts))]


def met(conditions: Sequence[Expectation], facts: Facts) -> list[Unmet]:
    """The conditions that hold, as for `degraded`, in words."""
    holding = (each for each in conditions if _unmet(each, facts) is None)
    return [Unmet(each.fact, f"{_place(each)} is {_said(each, value_at(each, facts))}") for each in holding]


def value_at(expectation: Expectation, facts: Facts) -> Any:
    """What an expectation is about; MISSING when it is not there."""
    if expectation.fact == "json":
        return _json_value(str(facts.get("body", "")), expectation.path)
    value = facts.get(expectation.fact, MISSING)
    if expectation.path:
        value = value.get(expectation.path, MISSING) if isinstance(value, Mapping) else MISSING
    return value


def excerpt(text: str, at: int = 0) -> str:
    """A short, quoted piece of a text around `at`, without mark-up and line breaks."""
    start = max(0, at - EXCERPT // 2)
    plain = " ".join(_TAG.sub(" ", text[start : start + 20 * EXCERPT]).split())
    return f'"{"…" if start else ""}{shortened(plain)}"'


def shortened(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"


def _unmet(expectation: Expectation, facts: Facts) -> Unmet | None:
    found = value_at(expectation, facts)
    failing = next((matcher for matcher in expectation.matchers if not _holds(expectation, matcher, found)), None)
    if failing is None:
        return None
    word = _WORDS.get((expectation.fact, failing.op), _plainly)
    return Unmet(expectation.fact, word(expectation, failing, found, facts))


def _holds(expectation: Expectation, matcher: Matcher, found: Any) -> bool:
    if expectation.over is None:
        return is_met(matcher, found)
    items = [is_met(matcher, each) for each in found] if isinstance(found, list | tuple) else []
    rules: dict[str, Callable[[], bool]] = {
        "any": lambda: any(items),
        "all": lambda: bool(items) and all(items),
        "none": lambda: not any(items),
    }
    return rules[expectation.over]()


def _json_value(body: str, path: str) -> Any:
    import jmespath

    try:
        document = json.loads(body)
    except ValueError:
        return MISSING
    found = jmespath.search(path, document) if path else document
    return MISSING if found is None else found


def _plainly(expectation: Expectation, matcher: Matcher, found: Any, _: Facts) -> str:
    return f"{_place(expectation)} is {_said(expectation, found)}, expected {_wanted(expectation, matcher)}"


def _wrong_status(_: Expectation, matcher: Matcher, found: Any, facts: Facts) -> str:
    ranges: Any = matcher.value
    allowed = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)
    body = str(facts.get("body", ""))
    came = f", with the body {excerpt(body)}" if body.strip() else ""
    return f"Status {found} instead of {allowed}{came}"


def _not_contained(expectation: Expectation, matcher: Matcher, found: Any, _: Facts) -> str:
    return f'The {expectation.fact} does not contain "{shortened(str(matcher.value))}"; {_beginning(found)}'


def _not_excluded(expectation: Expectation, matcher: Matcher, found: Any, _: Facts) -> str:
    where = excerpt(found, found.index(matcher.value))
    return f'The {expectation.fact} contains "{shortened(str(matcher.value))}", which it must not: {where}'


def _no_match(expectation: Expectation, matcher: Matcher, found: Any, _: Facts) -> str:
    return f"Nothing in the {expectation.fact} matches /{shortened(str(matcher.value))}/; {_beginning(found)}"


def _beginning(text: Any) -> str:
    return f"it begins {excerpt(text)}" if isinstance(text, str) and text.strip() else "it is empty"


def _too_slow(_: Expectation, matcher: Matcher, found: Any, facts: Facts) -> str:
    limit: Any = matcher.value
    return (
        f"The answer took {found * 1000:.0f} ms, expected less than {limit * 1000:.0f} ms ({phases(facts['timings'])})"
    )


_Word = Callable[[Expectation, Matcher, Any, Facts], str]

_WORDS: dict[tuple[str, Op], _Word] = {
    ("status", Op.IN_RANGES): _wrong_status,
    ("latency", Op.BELOW): _too_slow,
    **{
        (fact, op): word
        for fact in ("body", "response")
        for op, word in ((Op.CONTAINS, _not_contained), (Op.EXCLUDES, _not_excluded), (Op.MATCHES, _no_match))
    },
}


def _place(expectation: Expectation) -> str:
    return f"{expectation.fact} {expectation.path}".strip()


def _said(expectation: Expectation, found: Any) -> str:
    if (expectation.fact, expectation.path) in DURATIONS and isinstance(found, int | float):
        return span(found)
    return (
        excerpt(found) if isinstance(found, str) else shortened(repr(found) if found is MISSING else json.dumps(found))
    )


def _wanted(expectation: Expectation, matcher: Matcher) -> str:
    value = matcher.value
    if (expectation.fact, expectation.path) in DURATIONS and isinstance(value, int | float):
        value = span(value)
    return f"{matcher.op.replace('_', ' ')} {value if isinstance(value, str) else json.dumps(value)}"


def span(seconds: float) -> str:
    length = timedelta(seconds=seconds)
    return f"{length.days} days" if abs(length.days) >= 2 else f"{seconds * 1000:.0f} ms"


def status_codes(*ranges: tuple[int, int]) -> Expectation:
    return Expectation(fact="status", matchers=(Matcher(op=Op.IN_RANGES, value=[list(each) for each in ranges]),))
