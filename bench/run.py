"""`make bench`: what importing costs, and how long a page takes to leave. Prints two tables, saves nothing.

Usage: python -m bench.run [imports]. Exits 1 when a handler is over its budget.
"""

import sys

from rich.console import Console

from bench import import_table, imports
from tocsin.cli.local.commands import tell
from tocsin.errors import TocsinError


def main() -> int:
    console = Console()
    try:
        return int(_imports(console))
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


if __name__ == "__main__":
    sys.exit(main())
