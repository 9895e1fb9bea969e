"""`make bench`: what importing costs, and how long a page takes to leave. Prints two tables, saves nothing.

Usage: python -m bench.run [imports] [paging]; without a name both. Exits 1 when a handler is over its budget.
"""

import sys
from collections.abc import Callable

from rich.console import Console

from bench import import_table, imports, paging
from tocsin.cli.local.commands import tell
from tocsin.errors import TocsinError


def main() -> int:
    console = Console()
    try:
        return max([BENCHES[name](console) for name in sys.argv[1:] or BENCHES])
    except TocsinError as error:
        tell(console, error)
        return 1
    except KeyboardInterrupt:
        return 130


def _imports(console: Console) -> int:
    """1 when a handler is over its budget."""
    with console.status("Importing the handlers") as status:
        measured = imports.measure(status.update)
    console.print(import_table.table(measured))
    return int(any(each.is_over_budget for each in measured))


def _paging(console: Console) -> int:
    paging.bench(console)
    return 0


BENCHES: dict[str, Callable[[Console], int]] = {"imports": _imports, "paging": _paging}


if __name__ == "__main__":
    sys.exit(main())
