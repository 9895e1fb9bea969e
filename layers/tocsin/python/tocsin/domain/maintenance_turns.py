"""Which maintenance windows are on, and what there is to tell when that changes, by the clock or by the file."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from tocsin.domain.events import MaintenanceBegan, MaintenanceEnded
from tocsin.domain.maintenance import MaintenanceWindow, span_at
from tocsin.domain.record import Event, Instant, Record


class OnWindow(Record):
    """As it was when it began."""

    window: MaintenanceWindow
    start: Instant
    end: Instant


class WindowsOn(Record):
    """By id: those whose beginning was told, and not their end."""

    windows: dict[str, OnWindow] = Field(default_factory=dict)
    version: int = 0


def turn(before: WindowsOn, windows: Iterable[MaintenanceWindow], now: datetime) -> tuple[WindowsOn, tuple[Event, ...]]:
    """What is on at `now`. A window that was changed while it is on ends as it was, and begins as it is."""
    on = dict(_on_at(windows, now))
    ended = [old for key, old in before.windows.items() if key not in on or on[key].window != old.window]
    began = [new for key, new in on.items() if key not in before.windows or before.windows[key].window != new.window]
    events = (*(_ended(old, now) for old in ended), *(_began(new) for new in began))
    return (before.model_copy(update={"windows": on}), events) if on != before.windows else (before, ())


def _on_at(windows: Iterable[MaintenanceWindow], now: datetime) -> Iterable[tuple[str, OnWindow]]:
    for window in windows:
        span = span_at(window, now)
        if span:
            yield window.window_id, OnWindow(window=window, start=span.start, end=span.end)


def _began(on: OnWindow) -> MaintenanceBegan:
    window = on.window
    return MaintenanceBegan(
        occurred_at=on.start, window_id=window.window_id, services=window.services, monitors=window.monitors
    )


def _ended(on: OnWindow, now: datetime) -> MaintenanceEnded:
    window = on.window
    return MaintenanceEnded(
        occurred_at=min(on.end, now), window_id=window.window_id, services=window.services, monitors=window.monitors
    )
