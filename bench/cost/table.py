"""What Tocsin costs in a month, beside what AWS's own monitoring does."""

from collections.abc import Sequence

from rich.table import Table

from bench.cost.days import REGIONS
from bench.cost.month import Measured, lasts, usage
from bench.cost.real_run import TAKES
from tocsin.cli.cost.estimate import CALL, FAR_CALL, IDLE_POLLS, MINUTES, rivals
from tocsin.cli.cost.prices import bill, price_list

CHECKING = "Data transfer"
FOOTER = (
    "Each monitor every minute, all of them up, through the real handlers with moto's DynamoDB and SQS: every "
    "shard of {regions} regions for {minutes} minutes, and an hour of one shard summed up, scaled to 730 hours. "
    "Units are counted from the calls that botocore makes and from the sizes of items; alarms, queues, secrets "
    "and memory from the synthesized templates; logs from what is printed. A run lasts as long as 250 real TLS "
    "checks did here, of targets that answer after {takes:.0f} ms ({lasted:.1f} s, {computed:.1f} ms of processor "
    "a check), with {call:.0f} ms for a call at home and {far:.0f} ms for one to another continent: {run:.1f} s. "
    "A queue that Lambda polls costs {polls} requests a minute even when it is empty. Not in it: incidents, "
    "pages, status pages, cold starts. AWS's list prices in us-east-1 as of {as_of:%-d %B %Y}, with nothing free, "
    "but for the line that says so. Data transfer is mostly the {sent:.0f} bytes that each check sends to its "
    "target, which every checker in AWS pays."
)


def table(measured: Sequence[Measured]) -> Table:
    shown = Table(
        title="US dollars a month", title_justify="left", caption=_footer(measured[-1]), caption_justify="left"
    )
    shown.add_column("monitors", no_wrap=True)
    for each in measured:
        shown.add_column(f"{each.day.monitors:,}", justify="right")
    bills = [bill(usage(each)) for each in measured]
    for service in bills[-1].services:
        if service != CHECKING:
            shown.add_row(service, *(f"{found.services.get(service, 0.0):,.2f}" for found in bills))
    shown.add_row("all services", *(f"{found.total - found.services[CHECKING]:,.2f}" for found in bills), style="bold")
    shown.add_row("data transfer", *(f"{found.services[CHECKING]:,.2f}" for found in bills))
    shown.add_row("all of it, after what is free", *(f"{found.with_allowance:,.2f}" for found in bills))
    shown.add_section()
    others = [bill(rivals(_checks(each), each.day.monitors, len(REGIONS))).services for each in measured]
    for service in others[0]:
        shown.add_row(service, *(f"{found[service]:,.2f}" for found in others), style="dim")
    return shown


def services_for(monitors: int, measured: Sequence[Measured]) -> float:
    """All but the data that checks send."""
    found = bill(usage(next(each for each in measured if each.day.monitors == monitors)))
    return found.total - found.services[CHECKING]


def _checks(measured: Measured) -> float:
    return measured.day.ran["run_checks"].checks * MINUTES / measured.day.minutes


def _footer(measured: Measured) -> str:
    day = measured.day
    return FOOTER.format(
        regions=len(REGIONS),
        minutes=day.minutes,
        takes=TAKES * 1000,
        lasted=measured.run.lasted,
        computed=measured.run.computed_by_a_check * 1000,
        call=CALL * 1000,
        far=FAR_CALL * 1000,
        run=lasts("run_checks", day.ran["run_checks"], measured),
        polls=IDLE_POLLS,
        as_of=price_list().as_of,
        sent=measured.sent,
    )
