"""`tocsin monitors` and what is below it: what is deployed is looked at, and changed without the file."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.aws_failures import clear_failures
from tocsin.cli.deployment import deployment_here
from tocsin.cli.failing import failures_told
from tocsin.cli.file.time_values import duration_in
from tocsin.cli.monitors.calling import heartbeats
from tocsin.cli.monitors.pausing import pause, resume
from tocsin.cli.options import as_json_option, stack_option
from tocsin.clock import utc_now
from tocsin.domain.span import Span
from tocsin.errors import RefusedError

if TYPE_CHECKING:
    from tocsin.cli.monitors import showing

LONGEST = timedelta(days=400)


@click.group(invoke_without_command=True)
@stack_option
@as_json_option
@click.pass_context
@failures_told
def monitors(context: click.Context, stack: str, as_json: bool) -> None:
    """How every monitor is: its state, since when, its up-time without maintenance, and how fast it answers."""
    if context.invoked_subcommand is not None:
        return
    from tocsin.cli.monitors import listing
    from tocsin.cli.monitors.reading import Monitors

    now = utc_now()
    with clear_failures():
        found = Monitors(deployment_here(stack)).overviews(now)
    listing.tell(found, now, as_json)


monitors.add_command(pause)
monitors.add_command(resume)
monitors.add_command(heartbeats)


@monitors.command()
@click.argument("monitor")
@click.option("--last", default="24 hours", show_default=True, help="How far back, as in `2 hours` or `90 days`.")
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with pictures here.")
@stack_option
@as_json_option
@failures_told
def show(monitor: str, last: str, chart: Path | None, stack: str, as_json: bool) -> None:
    """Response times of MONITOR over time, region by region."""
    from tocsin.cli.monitors import showing

    found = _shown(monitor, _length(last), stack)
    if chart:
        click.echo(showing.draw(found, chart), err=as_json)
    if as_json or not chart:
        showing.tell(found, as_json)


def _shown(monitor_id: str, length: timedelta, stack: str) -> "showing.Shown":
    from tocsin.cli.monitors import showing
    from tocsin.cli.monitors.reading import Monitors
    from tocsin.domain.result_summary import floor
    from tocsin.domain.series import step_for
    from tocsin.domain.up_time import outages

    step, now = step_for(length), utc_now()
    span = Span(floor(now - length, step), now)
    with clear_failures():
        monitors = Monitors(deployment_here(stack))
        known = monitors.monitor(monitor_id)
        return showing.Shown(
            monitor_id=known.monitor_id,
            span=span,
            step=step,
            series=monitors.series(monitor_id, span, step),
            down=outages(monitors.history(monitor_id, span.start), *span),
            zone=monitors.directory.organization().time_zone,
        )


def _length(text: str) -> timedelta:
    found = duration_in(text)
    if found is None or not timedelta(minutes=1) <= found <= LONGEST:
        raise RefusedError(f"{text!r} is not a length of time; write it as in `2 hours`, at most 400 days")
    return found
