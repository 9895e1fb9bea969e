"""One monitor as those see it who ask how everything is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.domain.checks import Monitor
from tocsin.domain.maintenance import MaintenanceWindow, spans
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.result_summary import Reading, summarize
from tocsin.domain.span import Span
from tocsin.domain.up_time import StateBegan, up_time

PERIODS = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
    "90d": timedelta(days=90),
}
"""Over which up-time is told."""

LONGEST = max(PERIODS.values())

RECENT = timedelta(hours=1)
"""Over which `p95` is: exact, since every check of that time is read."""


class MonitorOverview(NamedTuple):
    """`state` is `up`, `degraded`, `down`, `paused`, or `unknown` when no region has a fresh vote; `since` may be None.

    `up_time` is a share from 0 to 1 by the name of its period, None where nothing is known. `p95` is in milliseconds,
    over all regions. `note` is why nobody is told, or what was found.
    """

    monitor_id: str
    service_id: str
    state: str
    since: datetime | None
    last_check: datetime | None
    up_time: Mapping[str, float | None]
    p95: int | None
    note: str = ""


def overview(
    monitor: Monitor,
    status: MonitorStatus | None,
    history: Sequence[StateBegan],
    last_check: datetime | None,
    readings: Sequence[Reading],
    windows: Iterable[MaintenanceWindow],
    now: datetime,
) -> MonitorOverview:
    """`history` reaches back LONGEST and `readings`, the monitor's own, RECENT; `windows` are all there are."""
    maintenance = maintenance_of(monitor, windows, Span(now - LONGEST, now))
    shares = {name: up_time(history, now - length, now, maintenance).share for name, length in PERIODS.items()}
    found = summarize(readings).get(monitor.monitor_id)
    return MonitorOverview(
        monitor_id=monitor.monitor_id,
        service_id=monitor.service_id,
        state=_state(monitor, status),
        since=status.since if status else None,
        last_check=last_check,
        up_time=shares,
        p95=found.p95 if found else None,
        note=_note(monitor, status),
    )


def maintenance_of(monitor: Monitor, windows: Iterable[MaintenanceWindow], span: Span) -> list[Span]:
    """When in a span the monitor was in maintenance; may overlap."""
    about = (window for window in windows if window.covers(monitor.service_id, monitor.monitor_id))
    return [found for window in about for found in spans(window, *span)]


def _state(monitor: Monitor, status: MonitorStatus | None) -> str:
    if monitor.paused:
        return "paused"
    return status.state.value if status and status.state else "unknown"


def _note(monitor: Monitor, status: MonitorStatus | None) -> str:
    if status is None or monitor.paused:
        return ""
    return "; ".join(said for said in (status.muted_by, status.message) if said)
