"""A stretch of time."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple, Self


class Span(NamedTuple):
    """From `start`, included, to `end`, excluded; both aware."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    def clipped(self, start: datetime, end: datetime) -> Self | None:
        """What of it lies between; None for nothing."""
        begins, ends = max(self.start, start), min(self.end, end)
        return type(self)(begins, ends) if begins < ends else None


def without(span: Span, others: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span when the others, in any order and perhaps overlapping, are taken out."""
    begins = span.start
    for other in sorted(others):
        cut = other.clipped(begins, span.end)
        if cut is None:
            continue
        if begins < cut.start:
            yield Span(begins, cut.start)
        begins = cut.end
    if begins < span.end:
        yield Span(begins, span.end)
