"""What is known of each monitor, in the `monitoring` table: its status, and each change of it."""

from collections.abc import Iterable

from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.record import Event
from tocsin.stores import keys
from tocsin.stores.table import Table, Write


class MonitorStatusStore:
    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self, monitor_id: str) -> MonitorStatus | None:
        """None before the first judgement."""
        return self._table.get(keys.monitor_status(monitor_id), MonitorStatus)

    def save(self, status: MonitorStatus, events: Iterable[Event]) -> None:
        """The status, its entry in the history, and the events, in one transaction. Raises ConflictError."""
        following = status.model_copy(update={"version": status.version + 1})
        current = Write.replace(keys.monitor_status(status.monitor_id), following, version=status.version)
        change = Write.put(keys.monitor_change(status.monitor_id, status.changed_at), following)
        self._table.save([current, change], events)
