"""`make bench`: what importing costs, and how long a page takes to leave. Prints two tables, saves nothing.

Usage: python -m bench.run [imports] [paging]; without a name both. Exits 1 when a handler is over its budget.
"""

import signal
import sys
from collections.abc import Callable

from rich.console import Console

from bench import import_table, imports, paging, paging_table
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
        over_budget = [BENCHES[name](console) for name in chosen]
        return int(any(over_budget))
    except TocsinError as error:
        tell(console, error)
        return 1
    except KeyboardInterrupt:
        return 130


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


BENCHES: dict[str, Callable[[Console], bool]] = {"imports": _imports, "paging": _paging}


if __name__ == "__main__":
    sys.exit(main())
