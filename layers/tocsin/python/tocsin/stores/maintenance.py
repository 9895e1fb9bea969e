"""Which maintenance windows are known to be on, in the `monitoring` table: one item for all."""

from collections.abc import Iterable

from tocsin.domain.maintenance_turns import WindowsOn
from tocsin.domain.record import Event
from tocsin.stores import keys
from tocsin.stores.table import Table, Write


class MaintenanceStore:
    def __init__(self, table_name: str) -> None:
        self._table = Table(table_name)

    def on(self) -> WindowsOn:
        return self._table.get(keys.windows_on(), WindowsOn) or WindowsOn()

    def save(self, on: WindowsOn, events: Iterable[Event]) -> None:
        """Raises ConflictError when somebody has saved it since it was read."""
        following = on.model_copy(update={"version": on.version + 1})
        self._table.save([Write.replace(keys.windows_on(), following, version=on.version)], events)
