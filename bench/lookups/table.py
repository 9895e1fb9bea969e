"""The table of names that never resolve."""

from collections.abc import Iterable

from rich.table import Table

from bench.lookups.measuring import Found

FOOTER = (
    "All start at once and have 10 s. /etc/resolv.conf names a server on loopback, which answers for the healthy names "
    "at once and is silent about the others."
)


def table(found: Iterable[Found]) -> Table:
    shown = Table(
        title="Checks beside names that never resolve", title_justify="left", caption=FOOTER, caption_justify="left"
    )
    for column in ("checks", "never resolve", "healthy", "of these pass", "slowest of them", "all took"):
        shown.add_column(column, justify="right")
    for each in found:
        figures = (each.checks, each.silent, each.healthy, each.passed)
        style = None if is_good(each) else "bold red"
        cells = (*(f"{figure:,}" for figure in figures), f"{each.slowest:.0f} ms", f"{each.took:.1f} s")
        shown.add_row(*cells, style=style)
    return shown


def is_good(found: Found) -> bool:
    """Every healthy target passes, and no other."""
    return found.passed == found.healthy and not found.wrongly
