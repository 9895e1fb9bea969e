"""What a check's findings have to be. `findings.py` says whether they are.

A probe finds *facts*, by name; an expectation names a fact, where in it to look, and what must hold there.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import JsonValue

from tocsin.domain.matchers import Matcher, Op
from tocsin.domain.record import Record

Facts = Mapping[str, Any]
"""`status` int · `body` str · `headers` {lower-case name: str} · `http_version` `1.1` or `2` · `latency` seconds ·
`response` str (what any other protocol answered) · `answers` list of str · `rcode` str · `asked` str (whom for what, in
messages about these two) · `certificate` {valid_for, all_valid_for: seconds; issuer, protocol: str; names: list of str}
· `registration` {valid_for: seconds; registrar: str; status: list of str} · `timings` Timings.

`json` is the body, read.
"""

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


def is_unordered(expectation: Expectation) -> bool:
    """Whether it is about a list of texts whose order means nothing."""
    return (expectation.fact, expectation.path) in _UNORDERED


def status_codes(*ranges: tuple[int, int]) -> Expectation:
    return unasked("status", Op.IN_RANGES, [list(each) for each in ranges])


def unasked(fact: str, op: Op, value: JsonValue) -> Expectation:
    """Not validated: modules do this when they are imported, and making the validators takes longer than the import."""
    matcher = Matcher.model_construct(op=op, value=value)
    return Expectation.model_construct(fact=fact, path="", over=None, matchers=(matcher,))
