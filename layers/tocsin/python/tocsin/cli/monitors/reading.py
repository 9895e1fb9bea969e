"""What the commands read: the directory, what was judged, and what was measured."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from tocsin.cli.deployment import Deployment
from tocsin.domain.checks import Monitor
from tocsin.domain.directory import Regions
from tocsin.domain.monitor_overview import LONGEST, RECENT, MonitorOverview, overview
from tocsin.domain.result_summary import Reading
from tocsin.domain.series import Step
from tocsin.domain.span import Span
from tocsin.domain.up_time import StateBegan
from tocsin.errors import NotFoundError
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.heartbeats import HeartbeatStore
from tocsin.stores.measured import Measured
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.region_views import RegionViews
from tocsin.stores.result_series import ResultSeries
from tocsin.stores.together import read_together

Shard = tuple[str, str]


class Monitors:
    """Of one deployment."""

    def __init__(self, deployment: Deployment) -> None:
        """Raises NotFoundError before the first `tocsin apply`."""
        home = deployment.home_region
        self.directory = DirectoryStore(deployment.directory_table, home)
        self._regions = _regions(self.directory, deployment.stack)
        self._statuses = MonitorStatusStore(deployment.monitoring_table, home)
        self._views = RegionViews(deployment.monitoring_table, home)
        self._heartbeats = HeartbeatStore(deployment.monitoring_table, home)
        self._series = ResultSeries(deployment.monitoring_table, home)

    def overviews(self, now: datetime) -> list[MonitorOverview]:
        """All, by id."""
        windows, shards = self.directory.maintenance(), self._shards()
        monitors = {monitor.monitor_id: monitor for monitor in self.directory.monitors()}
        readings, checked = self._readings(shards, now), self._checked(shards)

        def read(name: str) -> MonitorOverview:
            monitor = monitors[name]
            status, history = self._statuses.get(name), self._statuses.history(name, now - LONGEST)
            last_check = checked.get(name) if monitor.is_probed else self._heartbeats.get(name).called_at
            return overview(monitor, status, history, last_check, readings[name], windows, now)

        return list(read_together(read, monitors).values())

    def monitor(self, monitor_id: str) -> Monitor:
        """Raises NotFoundError with the ids there are nearest to it."""
        from tocsin.cli.file.wording import nearest

        known = {monitor.monitor_id: monitor for monitor in self.directory.monitors()}
        if monitor_id not in known:
            raise NotFoundError(f"there is no monitor {monitor_id!r}; {nearest(monitor_id, known)}")
        return known[monitor_id]

    def history(self, monitor_id: str, start: datetime) -> list[StateBegan]:
        return self._statuses.history(monitor_id, start)

    def series(self, monitor_id: str, span: Span, step: timedelta) -> dict[str, list[Step]]:
        """By region; without those that have found nothing."""
        return Measured(self.directory, self._series).by_region(monitor_id, span, step)

    def _shards(self) -> list[Shard]:
        return [(region, shard_id) for region in self._regions.probes for shard_id in self.directory.shard_ids(region)]

    def _readings(self, shards: Iterable[Shard], now: datetime) -> dict[str, list[Reading]]:
        found: defaultdict[str, list[Reading]] = defaultdict(list)
        for region, shard_id in shards:
            for reading in self._series.minutes(region, [shard_id], now - RECENT, now):
                found[reading.monitor_id].append(reading)
        return found

    def _checked(self, shards: Iterable[Shard]) -> dict[str, datetime]:
        """When each monitor was last checked, wherever that was."""
        checked: dict[str, datetime] = {}
        for view in self._views.all(shards):
            for name, known in view.monitors.items():
                if known.checked_at:
                    checked[name] = max(known.checked_at, checked.get(name, known.checked_at))
        return checked


def _regions(directory: DirectoryStore, stack: str) -> Regions:
    try:
        return directory.regions()
    except NotFoundError:
        raise NotFoundError(f"nothing has been applied to {stack} yet: tocsin apply FILE") from None
