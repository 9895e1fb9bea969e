"""`tocsin monitors show`: one monitor's response times, region by region, as numbers and as pictures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from tocsin.cli.moments import moment
from tocsin.domain.series import Step, points
from tocsin.domain.span import Span

Series = Mapping[str, Sequence[Step]]


@dataclass(frozen=True)
class Shown:
    """`series` is by region; `down` are the outages in the span; `zone` is the organization's."""

    monitor_id: str
    span: Span
    step: timedelta
    series: Series
    down: Sequence[Span]
    zone: str


def tell(found: Shown, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_as_data(found)))
    elif found.series:
        Console().print(_table(found.series))
    else:
        click.echo(f"Nothing was checked from {moment(found.span.start)} to {moment(found.span.end)}.")


def draw(found: Shown, path: Path) -> str:
    """Writes a page with a chart for each region, and gives its address."""
    from markupsafe import Markup

    from tocsin.publishers.charts import response_chart
    from tocsin.templates import templates

    zone = ZoneInfo(found.zone)
    charts = {
        region: Markup(  # noqa: S704 -- an SVG of our own, in which every name is escaped
            response_chart(
                f"{found.monitor_id} from {region}",
                points(series, found.span, found.step),
                found.span,
                zone,
                chart_id=f"chart-{number}",
                down=found.down,
            )
        )
        for number, (region, series) in enumerate(found.series.items())
    }
    local = [f"{instant.astimezone(zone):%Y-%m-%d %H:%M %Z}" for instant in found.span]
    page = templates("tocsin.cli.monitors").get_template("charts.html.j2")
    path.write_text(page.render(monitor=found.monitor_id, charts=charts, told=f"From {local[0]} to {local[1]}."))
    return path.resolve().as_uri()


def _as_data(found: Shown) -> dict[str, Any]:
    return {
        "monitor": found.monitor_id,
        "from": moment(found.span.start),
        "until": moment(found.span.end),
        "step_seconds": int(found.step.total_seconds()),
        "regions": {region: [_step(step) for step in series] for region, series in found.series.items()},
    }


def _step(step: Step) -> dict[str, Any]:
    return {"at": moment(step.began_at), "checks": step.summary.checks, **step.summary._asdict()}


def _table(series: Series) -> Table:
    table = Table("region", "from", "checks", "up", "degraded", "down", "p50", "p95", "p99", box=None, pad_edge=False)
    for region, found in series.items():
        for step in found:
            summary = step.summary
            counted = (summary.checks, summary.up, summary.degraded, summary.down)
            measured = (summary.p50, summary.p95, summary.p99)
            table.add_row(
                region,
                f"{step.began_at:%Y-%m-%d %H:%M}Z",
                *map(str, counted),
                *("" if value is None else f"{value} ms" for value in measured),
            )
    return table
