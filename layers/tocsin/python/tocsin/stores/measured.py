"""What was measured of several monitors, from all regions, in steps of time."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import timedelta

from tocsin.domain.result_summary import HOUR, Reading
from tocsin.domain.series import Step, steps
from tocsin.domain.span import Span
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.result_series import ResultSeries


class Measured:
    def __init__(self, directory: DirectoryStore, series: ResultSeries) -> None:
        self._directory = directory
        self._series = series

    def by_monitor(self, monitor_ids: Collection[str], span: Span, step: timedelta) -> dict[str, list[Step]]:
        """In steps of an hour, or of less while the minutes are kept. Each region's are by themselves in the list."""
        found: defaultdict[str, list[Step]] = defaultdict(list)
        for region in self._directory.regions().probes:
            shard_ids = self._directory.shard_ids(region)
            for monitor_id, each in self._read(region, shard_ids, span, step):
                if monitor_id in monitor_ids:
                    found[monitor_id].append(each)
        return found

    def _read(self, region: str, shard_ids: tuple[str, ...], span: Span, step: timedelta) -> Iterator[tuple[str, Step]]:
        if step >= HOUR:
            for period in self._series.hours(region, shard_ids, *span):
                yield period.monitor_id, Step(period.began_at, period.summary)
            return
        readings: defaultdict[str, list[Reading]] = defaultdict(list)
        for reading in self._series.minutes(region, shard_ids, *span):
            readings[reading.monitor_id].append(reading)
        for monitor_id, its in readings.items():
            yield from ((monitor_id, each) for each in steps(its, span.start, step))
