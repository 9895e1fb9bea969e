"""Response times as lines on a canvas: where each point, gap and label goes. `publishers/charts.py` draws it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import ceil
from typing import NamedTuple

from tocsin.domain.span import Span

WIDTH, HEIGHT = 720, 180
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 24
STEPS = (1, 2, 5, 10)
LINES = 4
"""Horizontal ones, at most, above zero."""


class Point(NamedTuple):
    """Milliseconds; None where nothing was measured."""

    at: datetime
    typical: float | None
    slowest: float | None


class Tick(NamedTuple):
    """A line across, or a label below, at its place on the canvas."""

    place: float
    label: str


@dataclass(frozen=True)
class ResponseChart:
    """`typical` and `slowest` are lists of SVG points, one for each stretch without a gap; `down` are x and width."""

    typical: tuple[str, ...]
    slowest: tuple[str, ...]
    down: tuple[tuple[float, float], ...]
    lines: tuple[Tick, ...]
    labels: tuple[Tick, ...]

    @property
    def is_empty(self) -> bool:
        return not self.typical


def lay_out(
    points: Sequence[Point], span: Span, labels: Iterable[tuple[datetime, str]], down: Iterable[Span] = ()
) -> ResponseChart:
    """Points outside of `span` are left out. `labels` are instants with the words below them."""
    inside = [point for point in points if span.start <= point.at <= span.end]
    top = _top(inside)
    canvas = _Canvas(span, top)
    return ResponseChart(
        typical=tuple(canvas.lines((point.at, point.typical) for point in inside)),
        slowest=tuple(canvas.lines((point.at, point.slowest) for point in inside)),
        down=tuple(canvas.stretch(cut) for outage in down if (cut := outage.clipped(*span))),
        lines=tuple(Tick(canvas.y(value), f"{value:g} ms") for value in _levels(top)),
        labels=tuple(Tick(canvas.x(at), words) for at, words in labels if span.start <= at <= span.end),
    )


@dataclass(frozen=True)
class _Canvas:
    span: Span
    top: float

    def x(self, at: datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * ((at - self.span.start) / self.span.length), 1)

    def y(self, value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top, 1)

    def stretch(self, span: Span) -> tuple[float, float]:
        """At least a pixel wide: a short outage must show."""
        return self.x(span.start), max(1.0, round(self.x(span.end) - self.x(span.start), 1))

    def lines(self, values: Iterable[tuple[datetime, float | None]]) -> Iterable[str]:
        for measured, stretch in groupby(values, key=lambda each: each[1] is not None):
            if measured:
                yield self._line([(at, value) for at, value in stretch if value is not None])

    def _line(self, values: list[tuple[datetime, float]]) -> str:
        """A single point is drawn as a short dash."""
        places = [(self.x(at), self.y(value)) for at, value in values]
        if len(places) == 1:
            places.append((places[0][0] + 1, places[0][1]))
        return " ".join(f"{x:g},{y:g}" for x, y in places)


def _top(points: Iterable[Point]) -> float:
    """Of the canvas, in milliseconds: a whole number of levels above the largest value."""
    largest = max((value for point in points for value in point[1:] if value is not None), default=0)
    step = _step(largest)
    return step * max(1, ceil(largest / step))


def _levels(top: float) -> list[float]:
    step = _step(top)
    return [step * number for number in range(round(top / step) + 1)]


def _step(largest: float) -> float:
    """The smallest round one that leaves no more than LINES of them."""
    scale = 1.0
    while largest > STEPS[-1] * scale * LINES:
        scale *= 10
    return next(step * scale for step in STEPS if largest <= step * scale * LINES)
