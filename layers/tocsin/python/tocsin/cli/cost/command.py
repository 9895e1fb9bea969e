"""`tocsin cost`."""

import json
from collections.abc import Mapping

import click
from rich.console import Console
from rich.table import Table

from tocsin.cli.cost.estimate import Estimate, estimate, rivals
from tocsin.cli.cost.prices import Bill, bill, price_list
from tocsin.cli.failing import failures_told
from tocsin.cli.file.reading import read_file
from tocsin.cli.options import as_json_option, file_argument

FOOTER = (
    "While all is well: incidents, pages and readers of the status page come on top. AWS's list prices in us-east-1 "
    "as of {as_of:%-d %B %Y}, not yet compared with AWS's pages. Data transfer is mostly what checks send to their "
    "targets. What is free each month counts in full only where nothing else in the account uses it."
)

Others = Mapping[str, float]


@click.command()
@file_argument
@as_json_option
@failures_told
def cost(file: str, as_json: bool) -> None:
    """Estimate what the monitors of FILE cost on AWS in a month, in US dollars."""
    found = estimate(read_file(file))
    charged, others = bill(found.usage), bill(rivals(found.checks, found.monitors, found.regions)).services
    if as_json:
        click.echo(json.dumps(_document(found, charged, others)))
    else:
        Console().print(_table(found, charged, others))


def _document(found: Estimate, charged: Bill, others: Others) -> dict[str, object]:
    return {
        "monitors": found.monitors,
        "regions": found.regions,
        "checks": round(found.checks),
        "usd": {service: round(usd, 2) for service, usd in charged.services.items()},
        "total": round(charged.total, 2),
        "with_allowance": round(charged.with_allowance, 2),
        "elsewhere": {service: round(usd, 2) for service, usd in others.items()},
        "prices_as_of": price_list().as_of.isoformat(),
    }


def _table(found: Estimate, charged: Bill, others: Others) -> Table:
    title = f"{found.checks:,.0f} checks a month: monitors {found.monitors:,}, regions {found.regions}"
    shown = Table("", "USD a month", title=title, title_justify="left", caption=_footer(), caption_justify="left")
    shown.columns[1].justify = "right"
    for service, usd in charged.services.items():
        shown.add_row(service, f"{usd:,.2f}")
    shown.add_section()
    shown.add_row("all of it", f"{charged.total:,.2f}", style="bold")
    shown.add_row("after what is free in every account", f"{charged.with_allowance:,.2f}")
    shown.add_section()
    for service, usd in others.items():
        shown.add_row(f"the same checks by {service}", f"{usd:,.2f}", style="dim")
    return shown


def _footer() -> str:
    return FOOTER.format(as_of=price_list().as_of)
