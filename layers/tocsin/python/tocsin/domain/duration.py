"""How long something took, as people say it."""

from datetime import timedelta

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def in_words(span: timedelta) -> str:
    """The two largest units, rounded down: `1 hour 5 minutes`, `42 seconds`, `less than a second`."""
    left = int(span.total_seconds())
    words: list[str] = []
    for length, unit in UNITS:
        count, left = divmod(left, length)
        if count:
            words.append(f"{count} {unit}{'s' if count > 1 else ''}")
    return " ".join(words[:2]) if words else "less than a second"
