"""Which pictures of response times a status page has, and what is in them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from statistics import median_low
from typing import NamedTuple

from tocsin.domain.incidents import Incident, IncidentStatus
from tocsin.domain.response_chart import Point
from tocsin.domain.result_summary import HOUR, Summary, floor
from tocsin.domain.series import Step, points, step_for
from tocsin.domain.span import Span
from tocsin.domain.status_page import StatusPage, by_folder, chart_path, incident_chart_path

SHOWN = timedelta(days=7)
AROUND = timedelta(hours=1)
"""How much of the time before and after an incident its picture shows."""

NOT_PUBLIC = (IncidentStatus.TRIAGE,)


class PageChart(NamedTuple):
    """`path` is from the page's root, `folder` where the page lies; `name` is the component's, as readers know it."""

    folder: str
    path: str
    name: str
    service_id: str
    span: Span
    step: timedelta


def charts_of(pages: Iterable[StatusPage], incidents: Iterable[Incident], now: datetime) -> Iterator[PageChart]:
    """One for each service on a page that shows response times, and for each incident that is on or just over."""
    incidents = [each for each in incidents if each.status not in NOT_PUBLIC and now - _end(each, now) < 2 * AROUND]
    for folder, page in by_folder(pages).items():
        if page.response_times:
            yield from _of_page(folder, page, incidents, now)


def merged(series: Iterable[Step], span: Span, step: timedelta) -> list[Point]:
    """Of several monitors and regions: what is typical of them, and the slowest that any of them was."""
    by_step: defaultdict[datetime, list[Summary]] = defaultdict(list)
    for each in series:
        by_step[each.began_at].append(each.summary)
    return points([Step(began_at, _merged(found)) for began_at, found in sorted(by_step.items())], span, step)


def _of_page(folder: str, page: StatusPage, incidents: Iterable[Incident], now: datetime) -> Iterator[PageChart]:
    names: dict[str, str] = {}
    for component in page.components:
        names.setdefault(component.service_id, component.name)
    week = Span(floor(now - SHOWN, HOUR), now)
    for service_id, name in names.items():
        yield PageChart(folder, chart_path(page.page_id, service_id), name, service_id, week, HOUR)
    for incident in incidents:
        if incident.service_id in names:
            begin, end = incident.started_at - AROUND, min(now, _end(incident, now) + AROUND)
            step = min(HOUR, step_for(end - begin))
            span = Span(floor(begin, step), end)
            path, name = incident_chart_path(incident.incident_id), names[incident.service_id]
            yield PageChart(folder, path, name, incident.service_id, span, step)


def _end(incident: Incident, now: datetime) -> datetime:
    return incident.resolved_at or now


def _merged(found: Iterable[Summary]) -> Summary:
    found = list(found)
    typical = [summary.p50 for summary in found if summary.p50 is not None]
    slowest = [summary.p95 for summary in found if summary.p95 is not None]
    return Summary(p50=median_low(typical) if typical else None, p95=max(slowest, default=None))
