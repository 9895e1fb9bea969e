"""How what an expectation is about is shown: never a secret, never too much."""

import json
import re
from collections.abc import Sized
from datetime import timedelta
from typing import Any

from tocsin.domain.duration import in_words
from tocsin.domain.excerpts import excerpt, shortened
from tocsin.domain.expectations import Expectation
from tocsin.domain.matchers import MISSING

_SECRET = re.compile(r"authorization|cookie|token|secret|password|api-?key|session")
"""Headers whose values no message shows."""

SPANS = {
    ("latency", ""): ("The answer took", ""),
    ("certificate", "valid_for"): ("The certificate is valid for", "The certificate expired"),
    ("certificate", "all_valid_for"): ("One of the certificates is valid for", "One of the certificates expired"),
    ("registration", "valid_for"): ("The domain is registered for", "The domain's registration expired"),
}
"""Facts that are lengths of time, in seconds: what is said of one, and of one that is over."""


def shown(expectation: Expectation, value: Any) -> str:
    if value is MISSING:
        return "missing"
    if expectation.fact == "headers" and _SECRET.search(expectation.path):
        return "•••"
    if (expectation.fact, expectation.path) in SPANS and isinstance(value, int | float):
        return span(expectation, value)
    if isinstance(value, str):
        return excerpt(value) if expectation.fact in ("body", "response") else f'"{shortened(" ".join(value.split()))}"'
    return shortened(_as_json(value))


def _as_json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except (ValueError, RecursionError):
        return "too much to show"


def span(expectation: Expectation, seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if expectation.fact == "latency" else in_words(timedelta(seconds=seconds))


def size(found: Sized) -> str:
    if isinstance(found, str):
        return f"is {len(found)} character{'s' if len(found) > 1 else ''} long" if found else "is empty"
    return f"has {len(found)} item{'s' if len(found) > 1 else ''}" if found else "is empty"
