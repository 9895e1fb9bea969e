"""`make demo`: one outage on the embedded stack, from the failed check to the postmortem, told live.

It has a stack of its own under .tocsin/demo: applying its file must not replace what somebody keeps in `make up`.
"""

import sys
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from demo.observer import Execution, Observer, aws_of
from demo.outage import Outage, Outcome
from demo.shop import Shop, watched_url
from demo.story import NotInTimeError, Story
from tocsin.cli.local import emulator, logs, stack
from tocsin.cli.local.commands import tell
from tocsin.cli.local.emulator import Emulator
from tocsin.cli.local.steps import Steps
from tocsin.cli.local.workspace import STATE, Workspace
from tocsin.clock import utc_now
from tocsin.errors import TocsinError


def main() -> int:
    console = Console()
    workspace = Workspace.find()
    workspace = Workspace(workspace.root, workspace.root / STATE / "demo")
    was_up = emulator.running(workspace) is not None
    try:
        return _demo(workspace, console)
    except TocsinError as error:
        tell(console, error)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if not was_up:
            stack.down(workspace)


def _demo(workspace: Workspace, console: Console) -> int:
    file = workspace.root / stack.EXAMPLE
    running = stack.up(workspace, stack.Options(file), Steps(console))
    console.print()
    began = utc_now()
    url = watched_url(file)
    with aws_of(running), Shop(urlsplit(url).port or 80) as shop:
        observer = Observer(running)
        monitor = next(monitor for monitor in observer.directory.monitors() if monitor.http.url == url)
        try:
            outcome = Outage(observer, Story(console), shop, monitor).play()
        except (NotInTimeError, AssertionError) as failure:
            _explain(console, running, workspace, failure, logs.errors(running, began))
            return 1
        _print_results(console, observer, outcome)
    return 0


def _explain(
    console: Console, running: Emulator, workspace: Workspace, failure: Exception, errors: tuple[str, ...]
) -> None:
    console.print(f"\n[bold red]{escape(str(failure))}[/]", highlight=False, soft_wrap=True)
    if isinstance(failure, NotInTimeError):
        console.print(f"Look at: {failure.look}", highlight=False)
    for error in errors:
        console.print(f"  [dim]{escape(error)}[/]", highlight=False, soft_wrap=True)
    console.print(f"The emulator's log: {workspace.emulator_log}", highlight=False, soft_wrap=True)


def _print_results(console: Console, observer: Observer, outcome: Outcome) -> None:
    incident = outcome.incident
    spans = {
        "detect": incident.time_to_detect,
        "acknowledge": incident.time_to_acknowledge,
        "resolve": incident.time_to_resolve,
    }
    times = ", ".join(f"{name} {span.total_seconds():.1f} s" for name, span in spans.items() if span is not None)
    console.print()
    console.print(_history(outcome.execution))
    for name, value in {
        "Times": times,
        "Status page": observer.addresses.status_page,
        "Postmortem": outcome.postmortem,
        "Execution": outcome.execution.arn,
    }.items():
        console.print(f"{name:<12} {value}", highlight=False, soft_wrap=True)


def _history(execution: Execution) -> Table:
    table = Table(title="The escalation, as Step Functions recorded it", title_justify="left")
    table.add_column("after", justify="right")
    table.add_column("event")
    table.add_column("state")
    began = execution.history[0].at
    for moment in execution.history:
        table.add_row(f"{(moment.at - began).total_seconds():.1f} s", moment.kind, moment.state)
    return table


if __name__ == "__main__":
    sys.exit(main())
