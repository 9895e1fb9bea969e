"""`tocsin monitors pause` and `resume`: without the file, and until the other one is said."""

import click

from tocsin.cli.aws_failures import clear_failures
from tocsin.cli.caller import caller
from tocsin.cli.deployment import deployment_here
from tocsin.cli.failing import failures_told
from tocsin.cli.options import stack_option
from tocsin.clock import utc_now
from tocsin.domain.pause import Pause
from tocsin.errors import ConflictError


@click.command()
@click.argument("monitor")
@click.option("--reason", default="", help="Why, for whoever wonders later.")
@stack_option
@failures_told
def pause(monitor: str, reason: str, stack: str) -> None:
    """Stop watching MONITOR, whatever is applied, until it is resumed. Its open alert is withdrawn."""
    from tocsin.stores.directory_writer import DirectoryWriter

    with clear_failures():
        deployment = deployment_here(stack)
        pausing = Pause(monitor_id=monitor, by=caller(deployment.home_region), at=utc_now(), reason=reason)
        try:
            DirectoryWriter(deployment.directory_table, deployment.home_region).pause(pausing)
        except ConflictError as error:
            raise _try_again() from error
    click.echo(f"{monitor} is paused. Nobody is paged about it; go on with: tocsin monitors resume {monitor}")


@click.command()
@click.argument("monitor")
@stack_option
@failures_told
def resume(monitor: str, stack: str) -> None:
    """Watch MONITOR again."""
    from tocsin.stores.directory_writer import DirectoryWriter

    with clear_failures():
        deployment = deployment_here(stack)
        try:
            resumed = DirectoryWriter(deployment.directory_table, deployment.home_region).resume(monitor, utc_now())
        except ConflictError as error:
            raise _try_again() from error
    by_the_file = " It stays paused by the file: take `paused: true` out and apply." if resumed.paused else ""
    click.echo(f"{monitor} is resumed.{by_the_file}")


def _try_again() -> ConflictError:
    return ConflictError("somebody else applies, pauses or resumes at the same time; try again")
