"""`tocsin probe`."""

import click

from tocsin.cli.failing import failures_told
from tocsin.cli.file.reading import read_file
from tocsin.cli.file.wording import nearest
from tocsin.cli.options import as_json_option, file_argument
from tocsin.errors import NotFoundError


@click.command()
@file_argument
@click.argument("monitor", nargs=-1)
@as_json_option
@failures_told
def probe(file: str, monitor: tuple[str, ...], as_json: bool) -> None:
    """Run the checks of FILE once, from here: all of them, or each MONITOR. Exit code 0 when all are up, 1 when not."""
    from tocsin.cli import probe as checks

    directory = read_file(file)
    for monitor_id in monitor:
        if monitor_id not in directory.monitors:
            raise NotFoundError(f"the file has no monitor {monitor_id!r}; {nearest(monitor_id, directory.monitors)}")
    raise click.exceptions.Exit(checks.probe(directory, monitor, as_json))
