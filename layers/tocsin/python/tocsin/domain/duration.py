"""How long something took, as people say it."""

from datetime import timedelta
from itertools import dropwhile

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def in_words(span: timedelta) -> str:
    """The largest unit and the one below it, rounded down: `1 hour 5 minutes`, `42 seconds`, `less than a second`."""
    left = int(span.total_seconds())
    counts: list[tuple[int, str]] = []
    for length, unit in UNITS:
        count, left = divmod(left, length)
        counts.append((count, unit))
    told = list(dropwhile(lambda counted: not counted[0], counts))[:2]
    return (
        " ".join(f"{count} {unit}{'s' if count > 1 else ''}" for count, unit in told if count) or "less than a second"
    )
