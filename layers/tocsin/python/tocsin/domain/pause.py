"""A monitor that somebody paused without the file: it stays paused, whatever is applied, until it is resumed."""

from tocsin.domain.record import Instant, Record


class Pause(Record):
    """`by` is who, as AWS or their machine knows them."""

    monitor_id: str
    by: str
    at: Instant
    reason: str = ""

    @property
    def in_words(self) -> str:
        why = f": {self.reason}" if self.reason else ""
        return f"paused by {self.by} since {self.at:%Y-%m-%d %H:%M} UTC, not by the file{why}"
