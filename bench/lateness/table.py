"""The table of how late checks are."""

from collections.abc import Mapping
from datetime import timedelta

from rich.table import Table

from bench.lateness.checking import HANGING, ROUNDS, TAKES, TARGETS, TIMEOUT, Late
from bench.percentiles import MILLISECOND, median, percentile

FOOTER = (
    "{targets:,} targets of which every {hanging}th hangs until its time-out of {timeout:g} s; the others answer "
    "after {takes:.0f} ms. Late starts are counted from the instant that was planned, late answers are what a check "
    "reports over {takes:.0f} ms, late time-outs over {timeout:g} s; each is median / p99 / "
    "latest. {rounds} rounds; the server that answers has the other core."
)


def table(found: Mapping[timedelta, Late]) -> Table:
    shown = Table(
        title=f"How late {TARGETS:,} checks are", title_justify="left", caption=_footer(), caption_justify="left"
    )
    shown.add_column("started within", no_wrap=True)
    for what in ("start", "answer", "time-out"):
        shown.add_column(f"{what}, ms", justify="right", no_wrap=True)
    shown.add_column("misjudged", justify="right")
    for spread, late in found.items():
        cells = map(_cell, (late.starts, late.answers, late.timeouts))
        shown.add_row(
            f"{spread.total_seconds():g} s", *cells, str(late.misjudged), style="red" if late.misjudged else None
        )
    return shown


def _cell(spans: tuple[timedelta, ...]) -> str:
    figures = (median(spans), percentile(spans, 0.99), max(spans))
    return " / ".join(f"{span / MILLISECOND:.0f}" for span in figures)


def _footer() -> str:
    return FOOTER.format(
        targets=TARGETS,
        hanging=HANGING,
        timeout=TIMEOUT.total_seconds(),
        takes=TAKES / MILLISECOND,
        rounds=ROUNDS,
    )
