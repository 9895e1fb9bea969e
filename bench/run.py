"""`make bench`: what the engine can do, what importing costs, how long a page takes to leave. Saves nothing.

Usage: python -m bench.run [NAME…], of engine, lookups, lateness, imports, paging and cost; without a name all.
Exits 1 when a goal or a budget is missed.
"""

import signal
import sys
from collections.abc import Callable

from rich.console import Console

from bench import import_table, imports, paging, paging_table
from bench.budgets import budgets
from bench.engine import goals as engine_goals
from bench.engine import measuring as engine
from bench.engine import table as engine_table
from bench.lateness import checking as lateness
from bench.lateness import table as lateness_table
from bench.lookups import measuring as lookups
from bench.lookups import table as lookups_table
from tocsin.cli.local.commands import tell
from tocsin.cli.local.steps import Steps
from tocsin.errors import TocsinError


def main() -> int:
    # Asked to end, it stops what it started, as it does for Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console, chosen = Console(), sys.argv[1:] or list(BENCHES)
    if not BENCHES.keys() >= set(chosen):
        console.print(__doc__)
        return 2
    try:
        missed = [BENCHES[name](console) for name in chosen]
        return int(any(missed))
    except TocsinError as error:
        tell(console, error)
        return 1
    except KeyboardInterrupt:
        return 130


def _engine(console: Console) -> bool:
    """Whether a goal is missed."""
    with console.status("The engine and its rivals") as status:
        measured = engine.measure(status.update)
    goals = budgets("engine")
    console.print(*engine_table.tables(measured, goals))
    return any(engine_goals.missed(measured, goals))


def _lookups(console: Console) -> bool:
    """Whether a healthy target was not found up."""
    with console.status("Names") as status:
        found = lookups.measure(status.update)
    console.print(lookups_table.table(found))
    return not all(map(lookups_table.is_good, found))


def _lateness(console: Console) -> bool:
    """Whether a check was judged wrongly: how late is too late depends on the machine."""
    with console.status("How late checks are") as status:
        found = lateness.measure(status.update)
    console.print(lateness_table.table(found))
    return any(late.misjudged for late in found.values())


def _imports(console: Console) -> bool:
    """Whether a handler is over its budget."""
    with console.status("Importing the handlers") as status:
        measured = imports.measure(status.update)
    console.print(import_table.table(measured))
    return any(each.is_over_budget for each in measured)


def _paging(console: Console) -> bool:
    """It has no budget to be over."""
    console.print(paging_table.table(paging.measure(Steps(console))))
    return False


def _cost(console: Console) -> bool:
    """Whether the services that a thousand monitors use cost more than the goal."""
    # The CDK starts a Node when it is imported.
    from bench.cost import measuring as cost
    from bench.cost import table as cost_table

    with console.status("What it costs") as status:
        measured = cost.measure(status.update)
    console.print(cost_table.table(measured))
    return cost_table.services_for(1000, measured) > float(budgets("cost")["thousand_monitors"])


BENCHES: dict[str, Callable[[Console], bool]] = {
    "engine": _engine,
    "lookups": _lookups,
    "lateness": _lateness,
    "imports": _imports,
    "paging": _paging,
    "cost": _cost,
}


if __name__ == "__main__":
    sys.exit(main())
