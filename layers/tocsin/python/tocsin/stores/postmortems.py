"""What is known of each postmortem, beside its incident in the `incidents` table."""

from tocsin.domain.postmortem import Postmortem, drafted
from tocsin.stores import keys
from tocsin.stores.table import Table, Write


class PostmortemStore:
    def __init__(self, table: str) -> None:
        self._table = Table(table)

    def get(self, incident_id: str) -> Postmortem | None:
        return self._table.get(keys.postmortem(incident_id), Postmortem)

    def create(self, postmortem: Postmortem) -> None:
        """With its line on the timeline. Raises ConflictError when there is one already."""
        incident_id, entry = postmortem.incident_id, drafted(postmortem)
        self._table.save(
            [
                Write.create(keys.postmortem(incident_id), postmortem),
                Write.put(keys.timeline(incident_id, entry.at, entry.kind), entry),
            ]
        )
