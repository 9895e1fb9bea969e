"""Results over time, of the shards of one region: minute by minute for a week, then by the hour and by the day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.domain.record import Instant, Record
from tocsin.domain.result_summary import Reading, Summary
from tocsin.stores import keys
from tocsin.stores.items import Packed
from tocsin.stores.keys import Key
from tocsin.stores.packing import pack_summaries, unpack_readings, unpack_summaries
from tocsin.stores.region_views import ShardMinute
from tocsin.stores.table import Table, Write

HOURS_KEPT = timedelta(days=100)
DAYS_KEPT = timedelta(days=400)


class Period(NamedTuple):
    """An hour or a day of one monitor, in one region."""

    began_at: datetime
    monitor_id: str
    summary: Summary


class ShardPeriod(Record):
    """`columns` is written as the attribute that it is, for JSON has no bytes."""

    began_at: Instant
    columns: Packed = b""


class ResultSeries:
    """`region` is the table's, the home region; None means the one the code runs in.

    What is read begins in the span from `start` to before `end`, shard after shard and each in the order of time:
    of all monitors, or of one. A monitor that has moved left its past in the shard that it was in.
    """

    def __init__(self, table_name: str, region: str | None = None) -> None:
        self._table = Table(table_name, region)

    def minutes(
        self, region: str, shard_ids: Iterable[str], start: datetime, end: datetime, monitor_id: str | None = None
    ) -> Iterator[Reading]:
        """Each check; by the minutes of the runs that made them."""
        for shard_id in shard_ids:
            for minute in self._table.query_span(keys.shard_minutes(region, shard_id), ShardMinute, start, end):
                for reading in unpack_readings(minute.columns):
                    if monitor_id in (None, reading.monitor_id):
                        yield reading

    def hours(
        self, region: str, shard_ids: Iterable[str], start: datetime, end: datetime, monitor_id: str | None = None
    ) -> Iterator[Period]:
        partitions = (keys.shard_hours(region, shard_id) for shard_id in shard_ids)
        return self._periods(partitions, start, end, monitor_id)

    def days(
        self, region: str, shard_ids: Iterable[str], start: datetime, end: datetime, monitor_id: str | None = None
    ) -> Iterator[Period]:
        """Days of UTC."""
        partitions = (keys.shard_days(region, shard_id) for shard_id in shard_ids)
        return self._periods(partitions, start, end, monitor_id)

    def oldest_minute(self, region: str, shard_id: str) -> datetime | None:
        """The first that is still kept."""
        found = self._table.query(keys.shard_minutes(region, shard_id), ShardMinute, limit=1)
        return next((minute.minute for minute in found), None)

    def newest_hour(self, region: str, shard_id: str) -> datetime | None:
        return self._newest(keys.shard_hours(region, shard_id))

    def newest_day(self, region: str, shard_id: str) -> datetime | None:
        return self._newest(keys.shard_days(region, shard_id))

    def save_hour(self, region: str, shard_id: str, began_at: datetime, summaries: Mapping[str, Summary]) -> None:
        """Replaces what was saved of it before, as does `save_day`."""
        self._save(keys.shard_hours(region, shard_id), began_at, summaries, HOURS_KEPT)

    def save_day(self, region: str, shard_id: str, began_at: datetime, summaries: Mapping[str, Summary]) -> None:
        self._save(keys.shard_days(region, shard_id), began_at, summaries, DAYS_KEPT)

    def _periods(
        self, partitions: Iterable[str], start: datetime, end: datetime, monitor_id: str | None
    ) -> Iterator[Period]:
        for partition in partitions:
            for period in self._table.query_span(partition, ShardPeriod, start, end):
                for name, summary in unpack_summaries(period.columns).items():
                    if monitor_id in (None, name):
                        yield Period(period.began_at, name, summary)

    def _newest(self, partition: str) -> datetime | None:
        found = self._table.query(partition, ShardPeriod, newest_first=True, limit=1)
        return next((period.began_at for period in found), None)

    def _save(self, partition: str, began_at: datetime, summaries: Mapping[str, Summary], kept: timedelta) -> None:
        record = ShardPeriod(began_at=began_at)
        expires_at = int((began_at + kept).timestamp())
        key = Key(partition, keys.instant(began_at))
        self._table.put(Write.put(key, record, columns=pack_summaries(summaries), expires_at=expires_at))
