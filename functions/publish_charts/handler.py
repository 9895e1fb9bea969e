"""Each hour: pictures of response times, for the status pages and for the incidents that are on or just over."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.page_charts import PageChart, charts_of, merged
from tocsin.domain.series import Step
from tocsin.domain.span import Span
from tocsin.domain.up_time import outages
from tocsin.publishers.bucket import Bucket
from tocsin.publishers.charts import chart_file, response_chart
from tocsin.settings import PublishChartsSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.measured import Measured
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.result_series import ResultSeries

INCIDENTS_READ = 20

logger = Logger()

Monitors = Mapping[str, list[str]]
"""Ids by service."""


@cache
def settings() -> PublishChartsSettings:
    return PublishChartsSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def incidents() -> IncidentStore:
    return IncidentStore(settings().incidents_table)


@cache
def statuses() -> MonitorStatusStore:
    return MonitorStatusStore(settings().monitoring_table)


@cache
def measured() -> Measured:
    return Measured(directory(), ResultSeries(settings().monitoring_table))


def publish(charts: Iterable[PageChart]) -> int:
    monitors, zone = by_service(), ZoneInfo(directory().organization().time_zone)
    written = 0
    for (span, step), alike in by_span(charts).items():
        watched = {name for chart in alike for name in monitors[chart.service_id]}
        found = measured().by_monitor(watched, span, step)
        for chart in alike:
            drawn = draw(chart, found, monitors[chart.service_id], zone)
            Bucket(settings().bucket).put(chart_file(f"{chart.folder}{chart.path}", drawn))
            written += 1
    return written


def by_service() -> Monitors:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for monitor in directory().monitors():
        if monitor.is_probed:
            found[monitor.service_id].append(monitor.monitor_id)
    return found


def by_span(charts: Iterable[PageChart]) -> dict[tuple[Span, timedelta], list[PageChart]]:
    """What is over the same time is read once."""
    found: defaultdict[tuple[Span, timedelta], list[PageChart]] = defaultdict(list)
    for chart in charts:
        found[chart.span, chart.step].append(chart)
    return found


def draw(chart: PageChart, found: Mapping[str, list[Step]], watched: Iterable[str], zone: ZoneInfo) -> str:
    series = [step for name in watched for step in found.get(name, ())]
    down = [span for name in watched for span in outages(statuses().history(name, chart.span.start), *chart.span)]
    points = merged(series, chart.span, chart.step)
    return response_chart(chart.name, points, chart.span, zone, chart_id="chart", down=down)


def charts_due(now: datetime) -> list[PageChart]:
    pages = directory().status_pages()
    return list(charts_of(pages, incidents().recent(INCIDENTS_READ), now)) if pages else []


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    charts = charts_due(utc_now())
    written = publish(charts) if charts else 0
    logger.info("charts published", written=written)
