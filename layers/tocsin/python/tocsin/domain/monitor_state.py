"""What a region, or all of them together, say of a monitor."""

from enum import StrEnum


class MonitorState(StrEnum):
    """Confirmed. Where nothing is known there is None, which is shown as unknown and never as green."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
