"""Several requests, one after the other: what a step takes from an answer, and what later ones make of it."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tocsin.domain.check_kinds import HttpCheck, SecretRef, Step
from tocsin.domain.checks import Failure
from tocsin.domain.excerpts import excerpt, shortened
from tocsin.domain.expectations import Facts
from tocsin.domain.json_path import NOT_JSON, document_in, value_in
from tocsin.domain.matchers import MISSING

SECRET_LENGTH = 8
"""Saved values of this length may well be tokens: no message shows them."""

LONGEST = 64 * 1024
"""Characters of a saved value: it is looked for in every message, and sent on."""

_USED = re.compile(r"\{\{([a-z0-9_]+)\}\}")
_BEGINNING = re.compile(r"[a-z]+://[^/?#]+", re.IGNORECASE)
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f]")
_HALVES = re.compile("[\ud800-\udfff]")
"""Of characters: JSON can hold them, and they can be sent nowhere."""

Values = Mapping[str, str]


def filled(request: HttpCheck, values: Values) -> HttpCheck | Failure:
    """The request with what earlier steps saved in place of each `{{name}}`."""
    in_lines = [request.url, *(value for value in request.headers.values() if isinstance(value, str))]
    for name in _USED.findall(" ".join((*in_lines, request.body or ""))):
        if name not in values:
            return Failure(expect="save", message=f"{{{{{name}}}}} was saved by no step before")
    for name in _USED.findall(" ".join(in_lines)):
        if _UNSENDABLE.search(values[name]):
            return Failure(expect="save", message=f"What was saved as {name} holds a line break: it cannot be sent")
    url = _filled(request.url, values)
    if _holds_secrets(request) and not _is_host_as_written(request.url, url):
        why = "an earlier answer decides where this one goes, and secrets go only to a host that the file names"
        return Failure(expect="save", message=f"Nothing was sent: {why}")
    return request.model_copy(
        update={
            "url": url,
            "headers": {
                name: _filled(value, values) if isinstance(value, str) else value
                for name, value in request.headers.items()
            },
            "body": None if request.body is None else _filled(request.body, values),
        }
    )


def saved(step: Step, facts: Facts) -> dict[str, str] | Failure:
    """What a step takes from its answer, as text: what is no text, as JSON."""
    found = {name: value_in(_document(facts), path) for name, path in step.save.items()}
    for name, value in found.items():
        if value is MISSING or value is None:
            return Failure(expect="save", message=_nothing(name, step.save[name], str(facts.get("body", ""))))
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}
    broken = next((name for name, text in texts.items() if _HALVES.search(text)), None)
    if broken:
        return Failure(expect="save", message=f"What is to be saved as {broken} is no text: it holds half a character")
    too_long = next((name for name, text in texts.items() if len(text) > LONGEST), None)
    if too_long:
        message = f"What is to be saved as {too_long} has {len(texts[too_long])} characters, of at most {LONGEST}"
        return Failure(expect="save", message=message)
    return texts


def secret_values(values: Values) -> list[str]:
    return [value for value in values.values() if len(value) >= SECRET_LENGTH]


def _filled(text: str, values: Values) -> str:
    return _USED.sub(lambda used: values[used[1]], text)


def _holds_secrets(request: HttpCheck) -> bool:
    in_headers = any(isinstance(value, SecretRef) for value in request.headers.values())
    return in_headers or request.auth is not None or request.client_certificate is not None


def _is_host_as_written(template: str, url: str) -> bool:
    """What is filled in behind a host can become part of it, as `.evil.example` and `@evil.example` do."""
    written = _BEGINNING.match(template.partition("{{")[0])
    try:
        found = urlsplit(url)
    except ValueError:
        return False
    return written is not None and written[0].lower() == f"{found.scheme}://{found.netloc}".lower()


def _document(facts: Facts) -> dict[str, Any]:
    document = {name: facts[name] for name in ("status", "headers", "body")}
    read = document_in(document["body"])
    return document if read is NOT_JSON else document | {"json": read}


def _nothing(name: str, path: str, body: str) -> str:
    begins = f"begins {excerpt(body)}" if body.strip() else "is empty"
    return f"There is nothing to save as {name} at {shortened(path)}; the body {begins}"
