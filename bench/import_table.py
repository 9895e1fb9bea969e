"""The table of import times."""

from collections.abc import Iterable
from datetime import timedelta

from rich.table import Table

from bench.imports import ROUNDS, Importing
from bench.percentiles import MILLISECOND

SHOWN = 3
FOOTER = (
    f"Milliseconds over bare Python: the median of {ROUNDS} fresh interpreters, by -X importtime, and how much of it "
    "was spent on the processor; the rest is other processes' doing. Red: both are over the budget; yellow: the "
    "machine was busy. Cold means that no process is used twice; files are in the page cache. As in Lambda, "
    "third-party packages and boto3 have byte-code, and ours is compiled at each start. Time counts for the module "
    "that is being imported: when pydantic makes one of our classes, for tocsin."
)


def table(measured: Iterable[Importing]) -> Table:
    shown = Table(title="Importing the handlers", title_justify="left", caption=FOOTER, caption_justify="left")
    shown.add_column("handler", no_wrap=True)
    for column in ("median", "processor", "budget"):
        shown.add_column(column, justify="right")
    shown.add_column(f"the {SHOWN} biggest")
    for each in measured:
        shown.add_row(*_cells(each), style=_style(each))
    return shown


def _cells(each: Importing) -> tuple[str, ...]:
    biggest = ", ".join(f"{package} {_ms(own)}" for package, own in each.biggest(SHOWN))
    return each.name, _ms(each.median), _ms(each.processor), _ms(each.budget) if each.budget else "", biggest


def _style(each: Importing) -> str | None:
    if each.is_over_budget:
        return "bold red"
    return "yellow" if each.is_late else "dim" if each.budget is None else None


def _ms(span: timedelta) -> str:
    return f"{span / MILLISECOND:.0f}"
