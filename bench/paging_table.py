"""The table of how long a page takes to leave."""

from datetime import timedelta

from rich.table import Table

from bench.journeys import HOPS
from bench.paging import Measured
from bench.percentiles import median, percentile

EXECUTION_REST = timedelta(seconds=0.15)
"""In ministack 1.5.33, `stepfunctions._run_execution`."""


def table(measured: Measured) -> Table:
    title = f"From the end of the confirming check to the page, {len(measured.others)} outages"
    shown = Table(title=title, title_justify="left", caption=footer(measured), caption_justify="left")
    shown.add_column("until it is", no_wrap=True)
    shown.add_column("through")
    for column in ("median", "p95", "first"):
        shown.add_column(column, justify="right", no_wrap=True)
    for number, hop in enumerate(HOPS):
        spans = [each.hops[number] for each in measured.others]
        shown.add_row(hop.stop, hop.through, *_figures(spans, measured.first.hops[number]))
    shown.add_section()
    totals = [each.total for each in measured.others]
    shown.add_row("all the way", "", *_figures(totals, measured.first.total), style="bold")
    return shown


def footer(measured: Measured) -> str:
    """What the figures mean, and what decides them."""
    whole = median(each.total for each in measured.others)
    return (
        f"The confirming check is the one that made a majority of {measured.regions} regions. Instants are read from "
        "the records, the functions' logs and the mailbox; medians of hops need not add up. One outage at a time; "
        "“first” is the one before them, for which the emulator unpacks and starts the functions that had not run yet. "
        f"It rests {EXECUTION_REST.total_seconds()} s before it begins an execution: {EXECUTION_REST / whole:.0%} of "
        "all the way. Its streams and queues are woken rather than polled, so the rest is our functions with their "
        "calls of its DynamoDB. On AWS, Lambda looks at a table's stream four times a second: each of the four relays "
        "adds up to 0.25 s there."
    )


def _figures(spans: list[timedelta], first: timedelta) -> tuple[str, ...]:
    return tuple(f"{span.total_seconds():.2f} s" for span in (median(spans), percentile(spans, 0.95), first))
