"""What checks found over time, in steps that are few enough to be looked at."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.domain.response_chart import Point
from tocsin.domain.result_summary import DAY, HOUR, Reading, Summary, summarize
from tocsin.domain.span import Span

ROUND_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 10, 30))
MOST_STEPS = 150
"""In a picture more could not be told apart."""


class Step(NamedTuple):
    began_at: datetime
    summary: Summary


def step_for(length: timedelta) -> timedelta:
    """Of a series of this length: minutes for a day, then hours, then days, as they are kept."""
    fine_enough = (step for step in (*ROUND_STEPS, HOUR) if length <= step * MOST_STEPS)
    return next(fine_enough, HOUR if length <= timedelta(days=14) else DAY)


def steps(readings: Iterable[Reading], start: datetime, step: timedelta) -> list[Step]:
    """One monitor's readings in steps from `start` on; those in which nothing was checked are left out."""
    by_step: defaultdict[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_step[(reading.checked_at - start) // step].append(reading)
    return [
        Step(start + number * step, summary)
        for number, found in sorted(by_step.items())
        for summary in summarize(found).values()
    ]


def points(series: Sequence[Step], span: Span, step: timedelta) -> list[Point]:
    """As they are drawn: each in the middle of its step, with gaps where nothing was checked."""
    found = {each.began_at: each.summary for each in series}
    drawn, at = [], span.start
    while at < span.end:
        summary = found.get(at, Summary())
        drawn.append(Point(at + step / 2, summary.p50, summary.p95))
        at += step
    return drawn
