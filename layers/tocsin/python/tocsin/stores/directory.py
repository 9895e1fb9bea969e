"""What `tocsin apply` stored, in the `directory` table: read by every function, changed by none."""

from typing import TypeVar

from tocsin.domain.checks import Monitor, Shard
from tocsin.domain.directory import Directory, Regions
from tocsin.domain.maintenance import MaintenanceWindow
from tocsin.domain.pause import Pause
from tocsin.domain.people import Organization, Person, Service
from tocsin.domain.placement import Placement, ShardList
from tocsin.domain.policy import EscalationPolicy
from tocsin.domain.record import Record
from tocsin.domain.schedule import Schedule
from tocsin.domain.status_page import StatusPage
from tocsin.errors import NotFoundError
from tocsin.stores import keys
from tocsin.stores.table import Table

R = TypeVar("R", bound=Record)


class DirectoryStore:
    """`region` is the table's, the home region; None means the one the code runs in. Reads are strongly consistent."""

    def __init__(self, table_name: str, region: str | None = None) -> None:
        self._table = Table(table_name, region)

    def organization(self) -> Organization:
        """Raises NotFoundError before the first `tocsin apply`, as do the others for an id that is not there."""
        return self._entity("organization", "organization", Organization)

    def regions(self) -> Regions:
        return self._entity("regions", "regions", Regions)

    def person(self, person_id: str) -> Person:
        return self._entity("person", person_id, Person)

    def schedule(self, schedule_id: str) -> Schedule:
        return self._entity("schedule", schedule_id, Schedule)

    def escalation_policy(self, policy_id: str) -> EscalationPolicy:
        return self._entity("escalation_policy", policy_id, EscalationPolicy)

    def service(self, service_id: str) -> Service:
        return self._entity("service", service_id, Service)

    def monitor(self, monitor_id: str) -> Monitor:
        """Paused, when the file or a person says so."""
        monitor = self._entity("monitor", monitor_id, Monitor)
        return monitor if monitor.paused else _paused(monitor, self.pause(monitor_id))

    def pause(self, monitor_id: str) -> Pause | None:
        """Of a monitor that a person paused."""
        return self._table.get(keys.pause(monitor_id), Pause)

    def services(self) -> tuple[Service, ...]:
        """All of a kind, by id."""
        return tuple(self._table.query("service", Service))

    def schedules(self) -> tuple[Schedule, ...]:
        return tuple(self._table.query("schedule", Schedule))

    def monitors(self) -> tuple[Monitor, ...]:
        pauses = self.pauses()
        return tuple(_paused(each, pauses.get(each.monitor_id)) for each in self._table.query("monitor", Monitor))

    def pauses(self) -> dict[str, Pause]:
        """By monitor."""
        return {each.monitor_id: each for each in self._table.query("pause", Pause)}

    def status_pages(self) -> tuple[StatusPage, ...]:
        return tuple(self._table.query("status_page", StatusPage))

    def maintenance(self) -> tuple[MaintenanceWindow, ...]:
        return tuple(self._table.query("maintenance_window", MaintenanceWindow))

    def person_name(self, person_id: str) -> str:
        """One who has left the file is called by the id."""
        found = self._table.get(keys.entity("person", person_id), Person)
        return found.name if found else person_id

    def watched(self, monitor_id: str) -> Monitor | None:
        """None for one that is not there, or paused."""
        found = self._table.get(keys.entity("monitor", monitor_id), Monitor)
        return None if found is None or found.paused or self.pause(monitor_id) else found

    def placements(self, monitor_id: str) -> tuple[Placement, ...]:
        """The shard that holds a monitor in each region that checks it, by region; empty for an unknown monitor."""
        return tuple(self._table.query(keys.placements(monitor_id), Placement))

    def shard_ids(self, region: str) -> tuple[str, ...]:
        """Empty for a region in which nothing is checked."""
        return tuple(sorted(self.fingerprints(region)))

    def fingerprints(self, region: str) -> dict[str, str]:
        """Of each of the region's shards, by id."""
        found = self._table.get(keys.shard_list(region), ShardList)
        return found.fingerprints if found else {}

    def shard(self, region: str, shard_id: str) -> Shard:
        return self._found(keys.shard(region, shard_id), Shard)

    def shards(self, region: str) -> tuple[Shard, ...]:
        """All of a region's, whole: up to 400 KB each."""
        return tuple(self._table.query(keys.shards(region), Shard))

    def read_all(self) -> Directory | None:
        """Everything the file said, each mapping by id; None before the first `tocsin apply`."""
        try:
            organization, regions = self.organization(), self.regions()
        except NotFoundError:
            return None
        query = self._table.query
        return Directory(
            organization=organization,
            regions=regions,
            people={person.person_id: person for person in query("person", Person)},
            schedules={schedule.schedule_id: schedule for schedule in query("schedule", Schedule)},
            escalation_policies={policy.policy_id: policy for policy in query("escalation_policy", EscalationPolicy)},
            services={service.service_id: service for service in self.services()},
            monitors={monitor.monitor_id: monitor for monitor in query("monitor", Monitor)},
            status_pages={page.page_id: page for page in self.status_pages()},
            maintenance={window.window_id: window for window in self.maintenance()},
        )

    def _entity(self, kind: str, entity_id: str, model: type[R]) -> R:
        return self._found(keys.entity(kind, entity_id), model)

    def _found(self, key: keys.Key, model: type[R]) -> R:
        record = self._table.get(key, model)
        if record is None:
            raise NotFoundError(f"the directory has no {key.pk} {key.sk!r}")
        return record


def _paused(monitor: Monitor, pause: Pause | None) -> Monitor:
    return monitor.model_copy(update={"paused": True}) if pause else monitor
