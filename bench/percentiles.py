"""What many measurements of one thing add up to."""

from collections.abc import Iterable
from datetime import timedelta

MILLISECOND = timedelta(milliseconds=1)


def percentile(spans: Iterable[timedelta], share: float) -> timedelta:
    """The span that a `share` of all, between 0 and 1, does not exceed; between two of them in proportion."""
    ordered = sorted(spans)
    if not ordered:
        raise ValueError("nothing was measured")
    place = share * (len(ordered) - 1)
    below, above = ordered[int(place)], ordered[min(int(place) + 1, len(ordered) - 1)]
    return below + (above - below) * (place % 1)


def median(spans: Iterable[timedelta]) -> timedelta:
    return percentile(spans, 0.5)
