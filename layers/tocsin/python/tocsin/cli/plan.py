"""`tocsin plan`."""

import json
from datetime import timedelta
from typing import Any

import click
from pydantic_core import to_jsonable_python
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tocsin.cli.aws_failures import clear_failures
from tocsin.cli.deployment import find_deployment
from tocsin.cli.failing import failures_told
from tocsin.cli.file.reading import read_file
from tocsin.cli.file.time_values import spelled
from tocsin.cli.options import as_json_option, file_argument, stack_option
from tocsin.cli.pauses import tell_pauses
from tocsin.clock import utc_now
from tocsin.domain.directory import Directory
from tocsin.domain.directory_changes import Action, Change, changes
from tocsin.domain.duty import Duty, duties
from tocsin.domain.pause import Pause

SIGNS = {Action.ADDED: Text("+", "green"), Action.CHANGED: Text("~", "yellow"), Action.REMOVED: Text("-", "red")}


@click.command()
@file_argument
@stack_option
@as_json_option
@failures_told
def plan(file: str, stack: str, as_json: bool) -> None:
    """Show what applying FILE would change, and who is on call before and after. Changes nothing."""
    after = read_file(file)
    before, pauses = _stored(stack, after)
    planned, on_call = changes(before, after), duties(before, after, utc_now())
    if as_json:
        click.echo(json.dumps(_as_data(planned, on_call) | {"paused": to_jsonable_python(pauses)}))
    else:
        _show(planned, on_call, file, stack)
        tell_pauses(pauses)


def _stored(stack: str, after: Directory) -> tuple[Directory | None, list[Pause]]:
    """What is applied, and who paused what of it that stays."""
    from tocsin.stores.directory import DirectoryStore

    deployment = find_deployment(stack, after.regions)
    with clear_failures():
        store = DirectoryStore(deployment.directory_table, deployment.home_region)
        return store.read_all(), [each for each in store.pauses().values() if each.monitor_id in after.monitors]


def _as_data(planned: tuple[Change, ...], on_call: tuple[Duty, ...]) -> dict[str, Any]:
    return {
        "changes": [
            {
                "kind": change.kind,
                "id": change.entity_id,
                "action": change.action,
                "fields": [to_jsonable_python(field) for field in change.fields()],
            }
            for change in planned
        ],
        "on_call": [{"schedule": duty.schedule_id, "before": duty.before, "after": duty.after} for duty in on_call],
    }


def _show(planned: tuple[Change, ...], on_call: tuple[Duty, ...], file: str, stack: str) -> None:
    if not planned:
        click.echo(f"Nothing to change: {stack} already does what {file} says.")
        return
    console = Console()
    console.print(_changes_table(planned))
    if on_call:
        console.print(_on_call_table(on_call))
    console.print(f"{len(planned)} to change. Do it with: tocsin apply {file}", highlight=False)


def _changes_table(planned: tuple[Change, ...]) -> Table:
    """Nothing is cut, however narrow the terminal: two long addresses may differ at their ends only."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "what", "field", "now", "then"):
        table.add_column(heading, overflow="fold")
    for change in planned:
        fields = change.fields()
        table.add_row(SIGNS[change.action], change.name, *("",) * 3 if not fields else ())
        for field in fields:
            table.add_row("", "", field.field, _written(field.before), _written(field.after))
    return table


def _on_call_table(on_call: tuple[Duty, ...]) -> Table:
    table = Table("schedule", "on call now", "after applying", box=None, pad_edge=False)
    for duty in on_call:
        after = Text(_people(duty.after), "" if duty.before == duty.after else "bold yellow")
        table.add_row(duty.schedule_id, _people(duty.before), after)
    return table


def _people(people: tuple[str, ...] | None) -> str:
    return "no such schedule" if people is None else ", ".join(people) or "nobody"


def _written(value: Any) -> Text:
    """As the file would have it, more or less."""
    if isinstance(value, timedelta):
        return Text(spelled(value))
    plain = to_jsonable_python(value)
    return Text("none" if plain is None else plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False))
