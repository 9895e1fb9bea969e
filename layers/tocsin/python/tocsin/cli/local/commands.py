"""`tocsin local`: the whole of Tocsin on this machine."""

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from tocsin.cli.local import emulator, stack
from tocsin.cli.local.failure import StepError
from tocsin.cli.local.record import Emulator
from tocsin.cli.local.steps import Steps
from tocsin.cli.local.workspace import Workspace, as_exports, aws_environment
from tocsin.errors import TocsinError


def _failures_told(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def told(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except TocsinError as error:
            tell(Console(stderr=True), error)
            raise click.exceptions.Exit(1) from error

    return told


def tell(console: Console, error: TocsinError) -> None:
    """What failed, the lines that matter, and where the rest is."""
    if isinstance(error, StepError):
        for line in error.lines:
            console.print(f"  [dim]{escape(line)}[/]", highlight=False, soft_wrap=True)
    console.print(f"[bold red]{escape(str(error))}[/]", highlight=False, soft_wrap=True)
    if isinstance(error, StepError):
        console.print(f"The whole log: {error.log}", highlight=False, soft_wrap=True)


@click.group()
@click.option(
    "--state",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where it keeps everything (.tocsin of the checkout).",
)
@click.pass_context
def local(context: click.Context, state: Path | None) -> None:
    """The whole of Tocsin on this machine, on an emulator of AWS."""
    context.obj = state


@local.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=False)
@click.pass_obj
@_failures_told
def up(state: Path | None, file: Path | None) -> None:
    """Start it, or bring a running one up to date, and apply FILE.

    Without FILE: the one of the last `up`, at first examples/tocsin.yaml, unless you have applied another since.
    """
    workspace, console = Workspace.find(state), Console()
    started = stack.up(workspace, stack.Options(file), Steps(console))
    console.print()
    _print_addresses(console, started)
    if file is None:
        console.print("\nThe example watches a shop on this machine. It is closed, so somebody is paged soon, until:")
        console.print("  .venv/bin/python -m demo.shop", highlight=False)
    console.print("\nStop it with: make down", highlight=False)


@local.command()
@click.option("--clean", is_flag=True, help="Forget all that it stored, too.")
@click.pass_obj
@_failures_told
def down(state: Path | None, clean: bool) -> None:
    """Stop it. What it stored is there again after the next `up`."""
    if emulator.running(Workspace.find(state)):
        click.echo("Stopping …")
    stopped = stack.down(Workspace.find(state), clean=clean)
    click.echo("Stopped." if stopped else "It was not running.")


@local.command()
@click.option("--json", "as_json", is_flag=True, help="As one JSON object; null for what is not deployed.")
@click.pass_obj
@_failures_told
def urls(state: Path | None, as_json: bool) -> None:
    """Where its parts answer."""
    running = _running(state)
    if as_json:
        click.echo(json.dumps(stack.addresses(running).as_dict()))
    else:
        _print_addresses(Console(), running)


@local.command()
@click.pass_obj
@_failures_told
def env(state: Path | None) -> None:
    """Shell exports that make tocsin, the AWS command line and boto3 work on it: eval "$(tocsin local env)"."""
    running = _running(state)
    click.echo(as_exports(aws_environment(running.endpoint, running.home_region)))


def _running(state: Path | None) -> Emulator:
    running = emulator.running(Workspace.find(state))
    if running is None:
        raise TocsinError("the embedded stack is not running: tocsin local up")
    return running


def _print_addresses(console: Console, running: Emulator) -> None:
    for name, address in stack.addresses(running).as_dict().items():
        if address:
            console.print(f"  {name.replace('_', ' '):<22} {address}", highlight=False, soft_wrap=True)
    console.print(f"  {'e-mails sent':<22} {running.endpoint}/_ministack/ses/messages", highlight=False, soft_wrap=True)
