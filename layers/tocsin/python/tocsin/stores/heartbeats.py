"""Heartbeats, in the `monitoring` table: one small item each, and beside it what the last call that wrote any wrote."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.heartbeat import Call, Heartbeat, down_at
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.record import Event
from tocsin.stores import keys
from tocsin.stores.items import Stored
from tocsin.stores.table import Table, Write


class HeartbeatStore:
    """`region` is the table's, the home region; None means the one the code runs in."""

    def __init__(self, table_name: str, region: str | None = None) -> None:
        self._table = Table(table_name, region)

    def get(self, monitor_id: str) -> Heartbeat:
        """New, when it was never called."""
        return self._table.get(keys.heartbeat(monitor_id), Heartbeat) or Heartbeat(monitor_id=monitor_id)

    def last_written(self, monitor_id: str) -> Call | None:
        """The last call with a body."""
        return self._table.get(keys.heartbeat_body(monitor_id), Call)

    def overdue(self, until: datetime) -> Iterator[Stored[Heartbeat]]:
        """Those whose grace was over, by what the file said when they were saved; eventually consistent."""
        return self._table.query_index("due", "heartbeat", Heartbeat, until=until)

    def down(self) -> Iterator[Stored[Heartbeat]]:
        """Those that are down; eventually consistent."""
        return self._table.query_index("due", "heartbeat_down", Heartbeat)

    def save(
        self, heartbeat: Heartbeat, check: HeartbeatCheck, events: Iterable[Event], call: Call | None = None
    ) -> None:
        """The heartbeat, when it is to be looked at again, the events and what the call wrote, in one transaction.

        Raises ConflictError when somebody has saved it since it was read.
        """
        key = keys.heartbeat(heartbeat.monitor_id)
        following = heartbeat.model_copy(update={"version": heartbeat.version + 1})
        body = [Write.put(keys.heartbeat_body(heartbeat.monitor_id), call)] if call and call.body else []
        self._table.save(
            [Write.replace(key, following, version=heartbeat.version, **_due(heartbeat, check)), *body], events
        )

    def forget(self, monitor_id: str) -> None:
        """Should it be watched again, it is new."""
        self._table.save([Write.delete(keys.heartbeat(monitor_id)), Write.delete(keys.heartbeat_body(monitor_id))])


def _due(heartbeat: Heartbeat, check: HeartbeatCheck) -> dict[str, str]:
    """One that is down stands in the index too, by when it went down."""
    if heartbeat.state is MonitorState.DOWN and heartbeat.since:
        return {"due_kind": "heartbeat_down", "due_at": keys.instant(heartbeat.since)}
    down = down_at(heartbeat, check)
    return {"due_kind": "heartbeat", "due_at": keys.instant(down)} if down else {}
