"""`tocsin apply`."""

import json

import click

from tocsin.cli.aws_failures import clear_failures
from tocsin.cli.deployment import Deployment, find_deployment
from tocsin.cli.failing import failures_told
from tocsin.cli.file.reading import read_file
from tocsin.cli.options import as_json_option, file_argument, stack_option
from tocsin.cli.pauses import tell_pauses
from tocsin.clock import utc_now
from tocsin.domain.directory import Directory
from tocsin.domain.pause import Pause
from tocsin.errors import ConflictError

LISTED = 20
FINISHED = "Nothing new: finished what an earlier, interrupted apply had begun."


@click.command()
@file_argument
@stack_option
@as_json_option
@failures_told
def apply(file: str, stack: str, as_json: bool) -> None:
    """Make the deployment do what FILE says. Doing it twice changes nothing."""
    directory = read_file(file)
    deployment = find_deployment(stack, directory.regions)
    changed = _applied(directory, deployment)
    if as_json:
        click.echo(json.dumps({"changed": changed}))
    else:
        _tell(changed, file, stack)
        tell_pauses(_pauses(deployment))


def _applied(directory: Directory, deployment: Deployment) -> tuple[str, ...]:
    from tocsin.stores.directory_writer import DirectoryWriter

    try:
        with clear_failures():
            writer = DirectoryWriter(deployment.directory_table, deployment.home_region)
            return writer.apply(directory, utc_now())
    except ConflictError as error:
        raise ConflictError(
            "somebody else applies at the same time; look at `tocsin plan`, then apply again"
        ) from error


def _pauses(deployment: Deployment) -> list[Pause]:
    from tocsin.stores.directory import DirectoryStore

    with clear_failures():
        return list(DirectoryStore(deployment.directory_table, deployment.home_region).pauses().values())


def _tell(changed: tuple[str, ...], file: str, stack: str) -> None:
    if not changed:
        click.echo(f"Nothing to change: {stack} already does what {file} says.")
        return
    entities = [name for name in changed if not name.startswith("shards/")]
    for name in entities[:LISTED]:
        click.echo(f"  {name}")
    if len(entities) > LISTED:
        click.echo(f"  … and {len(entities) - LISTED} more")
    click.echo(f"Applied to {stack}: {len(entities)} changed." if entities else FINISHED)
