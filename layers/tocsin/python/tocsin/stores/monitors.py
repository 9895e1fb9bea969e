"""What is known of each monitor, in the `monitoring` table: its status, and each change of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Event, Record
from tocsin.domain.up_time import StateBegan
from tocsin.stores import keys
from tocsin.stores.items import Stored
from tocsin.stores.table import Table, Write


class NotUp(Record):
    monitor_id: str


class MonitorStatusStore:
    """`region` is the table's, the home region; None means the one the code runs in."""

    def __init__(self, table: str, region: str | None = None) -> None:
        self._table = Table(table, region)

    def get(self, monitor_id: str) -> MonitorStatus | None:
        """None before the first judgement."""
        return self._table.get(keys.monitor_status(monitor_id), MonitorStatus)

    def history(self, monitor_id: str, start: datetime) -> list[StateBegan]:
        """Each state since `start`, in the order of time, the first being the one that `start` found, if any was."""
        key = keys.monitor_status(monitor_id)
        found: list[StateBegan] = []
        for change in self._table.query(key.pk, MonitorStatus, prefix=keys.MONITOR_CHANGE, newest_first=True):
            found.insert(0, StateBegan(change.since, change.state))
            if change.since <= start:
                break
        return found

    def due(self, until: datetime) -> Iterator[Stored[MonitorStatus]]:
        """Those that are to be judged again; eventually consistent."""
        return self._table.query_index("due", "monitor", MonitorStatus, until=until)

    def not_up(self) -> list[str]:
        """The monitors that are shown as anything but up; those that were forgotten are shown as nothing."""
        return [each.monitor_id for each in self._table.query(keys.NOT_UP, NotUp)]

    def save(self, status: MonitorStatus, events: Iterable[Event]) -> None:
        """The status, its entry in the history, and the events, in one transaction. Raises ConflictError."""
        following = status.model_copy(update={"version": status.version + 1})
        due = {"due_kind": "monitor", "due_at": keys.instant(status.due_at)} if status.due_at else {}
        current = Write.replace(keys.monitor_status(status.monitor_id), following, version=status.version, **due)
        change = Write.put(keys.monitor_change(status.monitor_id, status.changed_at), following)
        self._table.save([current, change, _listed(status)], events)


def _listed(status: MonitorStatus) -> Write:
    key, is_forgotten = keys.not_up(status.monitor_id), status.state is None and status.told is None
    if status.state is MonitorState.UP or is_forgotten:
        return Write.delete(key)
    return Write.put(key, NotUp(monitor_id=status.monitor_id))
