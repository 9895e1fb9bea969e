"""What was measured of monitors over time, in steps."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import timedelta

from tocsin.domain.result_summary import DAY, HOUR, Reading
from tocsin.domain.series import Step, steps
from tocsin.domain.span import Span
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.result_series import ResultSeries


class Measured:
    """In steps of a day, of an hour, or of less while the minutes are kept."""

    def __init__(self, directory: DirectoryStore, series: ResultSeries) -> None:
        self._directory = directory
        self._series = series

    def by_monitor(self, monitor_ids: Collection[str], span: Span, step: timedelta) -> dict[str, list[Step]]:
        """From all regions: each region's are by themselves in the list."""
        found: defaultdict[str, list[Step]] = defaultdict(list)
        for region in self._directory.regions().probes:
            for monitor_id, each in self._read(region, span, step):
                if monitor_id in monitor_ids:
                    found[monitor_id].append(each)
        return found

    def by_region(self, monitor_id: str, span: Span, step: timedelta) -> dict[str, list[Step]]:
        """Of one monitor; without the regions that have found nothing."""
        regions = self._directory.regions().probes
        found = {region: [each for _, each in self._read(region, span, step, monitor_id)] for region in regions}
        return {region: series for region, series in found.items() if series}

    def _read(
        self, region: str, span: Span, step: timedelta, monitor_id: str | None = None
    ) -> Iterator[tuple[str, Step]]:
        shard_ids = self._directory.shard_ids(region)
        if step >= HOUR:
            read = self._series.days if step == DAY else self._series.hours
            for period in read(region, shard_ids, *span, monitor_id):
                yield period.monitor_id, Step(period.began_at, period.summary)
            return
        readings: defaultdict[str, list[Reading]] = defaultdict(list)
        for reading in self._series.minutes(region, shard_ids, *span, monitor_id):
            readings[reading.monitor_id].append(reading)
        for name, found in readings.items():
            yield from ((name, each) for each in steps(found, span.start, step))
