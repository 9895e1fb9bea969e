"""How a command ends when it cannot do what it was asked: the reason on stderr, exit code 2, no traceback."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from tocsin.cli.file.problems import BadFileError
from tocsin.errors import TocsinError

REFUSED = 2

P = ParamSpec("P")


def failures_told(command: Callable[P, None]) -> Callable[P, None]:
    """For commands: what Tocsin raises on purpose becomes a message."""

    @wraps(command)
    def told(*arguments: P.args, **options: P.kwargs) -> None:
        try:
            command(*arguments, **options)
        except BadFileError as error:
            tell_problems(error)
            raise click.exceptions.Exit(REFUSED) from error
        except TocsinError as error:
            click.echo(f"tocsin: {error}", err=True)
            raise click.exceptions.Exit(REFUSED) from error

    return told


def tell_problems(error: BadFileError) -> None:
    """One line each, as compilers write them, so that editors can jump there; then how many."""
    for line in error.lines():
        click.echo(line, err=True)
    count = len(error.problems)
    click.echo(f"\n{count} problem{'s' if count > 1 else ''} in {error.file}", err=True)
