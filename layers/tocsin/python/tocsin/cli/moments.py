"""Instants as programs read them."""

from datetime import datetime


def moment(instant: datetime | None) -> str | None:
    """In UTC, whole seconds: `2026-11-24T09:30:00Z`."""
    return None if instant is None else f"{instant:%Y-%m-%dT%H:%M:%SZ}"
