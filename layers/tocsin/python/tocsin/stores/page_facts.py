"""All that a status page is computed from, read from the three tables that hold it."""

from collections.abc import Iterable

from tocsin.domain.incidents import Incident
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.publication import Facts
from tocsin.domain.status_page import StatusPage
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.together import read_together

INCIDENTS_READ = 50


class PageFacts:
    def __init__(self, directory: DirectoryStore, incidents: IncidentStore, statuses: MonitorStatusStore) -> None:
        self._directory = directory
        self._incidents = incidents
        self._statuses = statuses

    def read(self, pages: Iterable[StatusPage]) -> Facts:
        """Facts about the services on these pages, each read strongly consistent."""
        services = {component.service_id for page in pages for component in page.components}
        monitors = tuple(monitor for monitor in self._directory.monitors() if monitor.service_id in services)
        recent = self._incidents.recent(INCIDENTS_READ)
        incidents = self._incidents_of(services, recent)
        updates = read_together(self._incidents.status_updates, incidents)
        return Facts(
            organization=self._directory.organization(),
            monitors=monitors,
            statuses=self._statuses_of(monitor.monitor_id for monitor in monitors),
            incidents=tuple(incidents.values()),
            updates={incident_id: tuple(found) for incident_id, found in updates.items()},
            known_since=recent[-1].triggered_at if len(recent) == INCIDENTS_READ else None,
            maintenance=self._directory.maintenance(),
        )

    def _incidents_of(self, services: set[str], recent: list[Incident]) -> dict[str, Incident]:
        """The recent ones and all that are open, however old. The index may lag, so it only says where to look."""
        ongoing = [incident for incident in read_together(self._incidents.open_for, services).values() if incident]
        listed = {incident.incident_id for incident in recent if incident.service_id in services}
        return read_together(self._incidents.get, listed) | {incident.incident_id: incident for incident in ongoing}

    def _statuses_of(self, monitor_ids: Iterable[str]) -> dict[str, MonitorStatus]:
        found = read_together(self._statuses.get, monitor_ids)
        return {monitor_id: status for monitor_id, status in found.items() if status}
