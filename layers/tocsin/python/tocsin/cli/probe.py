"""Runs the checks of a file once, from this machine, with the engine that the functions use."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from tocsin.cli.environment_secrets import secret_in_environment
from tocsin.cli.moments import moment
from tocsin.clock import utc_now
from tocsin.domain.check_plan import LONGEST_RUN, PlannedCheck
from tocsin.domain.checks import CheckResult, CheckState, Monitor
from tocsin.domain.directory import Directory
from tocsin.domain.targets import TargetRules
from tocsin.domain.timings import phases
from tocsin.probes.agenda import Agenda
from tocsin.probes.prober import Prober

AT_ONCE = 200
"""Checks in flight: each takes a file descriptor or two, and many systems give a process 1024."""

ROOMY = 120
"""Columns of a terminal in which messages can stand beside the rest."""

_COLOURS = {
    CheckState.UP: "green",
    CheckState.DEGRADED: "yellow",
    CheckState.DOWN: "bold red",
    CheckState.INCONCLUSIVE: "magenta",
}


def probe(directory: Directory, monitor_ids: Iterable[str], as_json: bool) -> int:
    """Checks the monitors of these ids, or all; prints a table or one JSON object a line, in their order in the file.

    Returns the exit code: 0 when all are up, 1 when not. Heartbeats are left out, with a note on stderr, and so is
    what is paused, unless it is named.
    """
    named = set(monitor_ids)
    wanted = [monitor for monitor_id, monitor in directory.monitors.items() if not named or monitor_id in named]
    paused = [monitor for monitor in wanted if monitor.is_probed and monitor.paused and not named]
    monitors = [monitor for monitor in wanted if monitor.is_probed and monitor not in paused]
    _note("a heartbeat calls us", [monitor for monitor in wanted if not monitor.is_probed])
    _note("it is paused; name it to check it", paused)
    rules = TargetRules(allow_private=directory.regions.allow_private_targets)
    found = {result.monitor_id: result for result in _with_progress(_results(monitors, rules), len(monitors))}
    in_order = [found[monitor.monitor_id] for monitor in monitors]
    _print_lines(in_order) if as_json else _print_tables(in_order, Console())
    return 0 if all(result.state is CheckState.UP for result in in_order) else 1


def _note(reason: str, monitors: list[Monitor]) -> None:
    if monitors:
        click.echo(f"Not checked, since {reason}: {', '.join(each.monitor_id for each in monitors)}", err=True)


def _results(monitors: list[Monitor], rules: TargetRules) -> Iterator[CheckResult]:
    """As they end; with each that ends, another begins."""
    now, waiting = utc_now(), iter(monitors)
    agenda = Agenda(PlannedCheck(now, monitor) for monitor in islice(waiting, AT_ONCE))
    until = now + LONGEST_RUN * (1 + len(monitors) // AT_ONCE)
    for batch in Prober(secrets=secret_in_environment).run(agenda, now=now, until=until, rules=rules):
        for monitor in islice(waiting, len(batch)):
            agenda.add(PlannedCheck(batch[0].result.checked_at, monitor))
        yield from (ended.result for ended in batch)


def _with_progress(results: Iterable[CheckResult], number: int) -> Iterable[CheckResult]:
    """On stderr, and only where somebody watches."""
    watched = Console(stderr=True)
    return track(results, "Checking", total=number, console=watched, transient=True, disable=not watched.is_terminal)


def _print_lines(results: Iterable[CheckResult]) -> None:
    for result in results:
        click.echo(json.dumps(_line(result)))


def _line(result: CheckResult) -> dict[str, Any]:
    return {
        "monitor": result.monitor_id,
        "state": result.state.value,
        "failures": [failure.model_dump() for failure in result.failures],
        "status": result.status,
        "timings": result.timings.model_dump(),
        "certificate_expires": moment(result.certificate_expires),
    }


def _print_tables(results: list[CheckResult], console: Console) -> None:
    """What was found stands beside the rest, or in a table of its own where there is little room. Nothing is cut."""
    columns = {name: column for name, column in _COLUMNS.items() if any(map(column, results))}
    if console.width >= ROOMY:
        console.print(_table(results, columns | _FOUND))
    else:
        console.print(_table(results, columns), "", _table(results, _ID | _FOUND), sep="\n")


def _table(results: list[CheckResult], columns: Mapping[str, Callable[[CheckResult], str | Text]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in columns:
        table.add_column(heading, overflow="fold")
    for result in results:
        table.add_row(*(column(result) for column in columns.values()))
    return table


def _found(result: CheckResult) -> Text:
    """Of what is up, where the time went."""
    if result.failures:
        return Text(result.message)
    return Text(phases(result.timings), "dim")


_ID = {"monitor": lambda result: result.monitor_id}
_COLUMNS: dict[str, Callable[[CheckResult], str]] = {
    **_ID,
    "state": lambda result: f"[{_COLOURS[result.state]}]{result.state.value}[/]",
    "status": lambda result: str(result.status or ""),
    "took": lambda result: "" if result.timings.total is None else f"{result.timings.total:.0f} ms",
    "certificate until": lambda result: f"{result.certificate_expires:%Y-%m-%d}" if result.certificate_expires else "",
}
"""One that nobody has anything in is left out."""
_FOUND: dict[str, Callable[[CheckResult], str | Text]] = {"what was found": _found}
