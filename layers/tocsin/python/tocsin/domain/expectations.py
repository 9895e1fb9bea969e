"""What an HTTP answer has to be, and what to say when it is not."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tocsin.domain.checks import BodyRule, Failure, HttpExpectations, StatusRange, Timings

EXCERPT = 160
"""Characters of the body that a message shows."""

_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,1000}>", re.IGNORECASE | re.DOTALL)


class HttpAnswer(NamedTuple):
    status: int
    body: str
    timings: Timings


def unmet(expect: HttpExpectations, answer: HttpAnswer) -> tuple[Failure, ...]:
    """Everything that is not as expected, the most telling first."""
    return (*_status(expect, answer), *_body(expect, answer), *_latency(expect, answer))


def excerpt(body: str, at: int = 0) -> str:
    """A short, quoted piece of a body around `at`, without mark-up and line breaks."""
    start = max(0, at - EXCERPT // 2)
    text = " ".join(_TAG.sub(" ", body[start : start + 20 * EXCERPT]).split())
    return f'"{"…" if start else ""}{shortened(text)}"'


def shortened(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"


def _status(expect: HttpExpectations, answer: HttpAnswer) -> Iterator[Failure]:
    if any(allowed.first <= answer.status <= allowed.last for allowed in expect.status):
        return
    found = f", with the body {excerpt(answer.body)}" if answer.body.strip() else ""
    yield Failure(expect="status", message=f"Status {answer.status} instead of {_ranges(expect.status)}{found}")


def _ranges(allowed: Iterable[StatusRange]) -> str:
    return ", ".join(f"{each.first}" if each.first == each.last else f"{each.first}-{each.last}" for each in allowed)


def _body(expect: HttpExpectations, answer: HttpAnswer) -> Iterator[Failure]:
    messages = (_wrong_body(rule, answer.body) for rule in expect.body)
    return (Failure(expect="body", message=message) for message in messages if message)


def _wrong_body(rule: BodyRule, body: str) -> str | None:
    if rule.contains is not None and rule.contains not in body:
        return f'The body does not contain "{shortened(rule.contains)}"; {_beginning(body)}'
    if rule.excludes is not None and rule.excludes in body:
        found = excerpt(body, body.index(rule.excludes))
        return f'The body contains "{shortened(rule.excludes)}", which it must not: {found}'
    if rule.matches is not None and not re.search(rule.matches, body):
        return f"Nothing in the body matches /{shortened(rule.matches)}/; {_beginning(body)}"
    return None


def _beginning(body: str) -> str:
    return f"it begins {excerpt(body)}" if body.strip() else "it is empty"


def _latency(expect: HttpExpectations, answer: HttpAnswer) -> Iterator[Failure]:
    took, limit = answer.timings.total, expect.latency_below
    if took is None or limit is None or took < limit.total_seconds() * 1000:
        return
    found = f"The answer took {took:.0f} ms, expected less than {limit.total_seconds() * 1000:.0f} ms"
    yield Failure(expect="latency", message=f"{found} ({phases(answer.timings)})")


def phases(timings: Timings) -> str:
    """Where the time went: how long each phase took, in milliseconds."""
    reached = [
        ("lookup", timings.lookup),
        ("connection", timings.connect),
        ("TLS", timings.tls),
        ("first byte", timings.first_byte),
        ("body", timings.total),
    ]
    ends = [(name, end) for name, end in reached if end is not None]
    starts = [0.0, *(end for _, end in ends)]
    return ", ".join(f"{name} {end - start:.0f} ms" for (name, end), start in zip(ends, starts, strict=False))
