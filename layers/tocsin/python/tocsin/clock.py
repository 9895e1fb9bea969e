"""The one place that reads a clock. Handlers call it once and pass `now` down."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    return datetime.now(UTC)
