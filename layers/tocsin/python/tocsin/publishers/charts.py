"""Response times as a picture: an SVG that stands by itself, in a page or in a file, in light and in dark."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tocsin.domain.response_chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Point, lay_out
from tocsin.domain.span import Span
from tocsin.publishers.bucket import File
from tocsin.templates import templates

LABELS = 6
FRESH = "public, max-age=600, stale-while-revalidate=3600, stale-if-error=86400"
DAYS_FROM = timedelta(days=2)
"""From this length on the labels are days, before it times of day."""


def response_chart(
    name: str, points: Sequence[Point], span: Span, zone: ZoneInfo, *, chart_id: str, down: Sequence[Span] = ()
) -> str:
    """A complete SVG document. `chart_id` is unique in the page that shows it."""
    title = f"Response times of {name}"
    return (
        templates("statuspage_site")
        .get_template("response_chart.svg.j2")
        .render(
            id=chart_id,
            title=title,
            told=_told(points, down),
            chart=lay_out(points, span, _labels(span, zone), down),
            width=WIDTH,
            height=HEIGHT,
            left=LEFT,
            right=RIGHT,
            top=TOP,
            bottom=BOTTOM,
        )
    )


def chart_file(path: str, svg: str) -> File:
    """A chart as a page shows it: it is drawn anew each hour."""
    return File(path, svg.encode(), "image/svg+xml", FRESH)


def _labels(span: Span, zone: ZoneInfo) -> list[tuple[datetime, str]]:
    """Evenly over the span, none at its very ends, where half of it would be cut off."""
    instants = [span.start + span.length * (2 * number + 1) / (2 * LABELS) for number in range(LABELS)]
    as_days = span.length >= DAYS_FROM
    return [(at, _label(at.astimezone(zone), as_days)) for at in instants]


def _label(local: datetime, as_day: bool) -> str:
    return f"{local.day} {local:%b}" if as_day else f"{local:%H:%M}"


def _told(points: Sequence[Point], down: Sequence[Span]) -> str:
    """What the picture shows, for those who hear it."""
    typical = sorted(point.typical for point in points if point.typical is not None)
    if not typical:
        return "Nothing was measured."
    slowest = max(point.slowest for point in points if point.slowest is not None)
    usual = typical[len(typical) // 2]
    said = f"Answers typically took {usual:.0f} ms; at the slowest time one in twenty took {slowest:.0f} ms or more."
    return f"{said} Outages: {len(down)}." if down else said
