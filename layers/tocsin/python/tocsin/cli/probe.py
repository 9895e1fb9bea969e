"""Runs the checks of a file once, from this machine, with the engine that the functions use."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from tocsin.cli.environment_secrets import secret_in_environment
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

_COLOURS = {
    CheckState.UP: "green",
    CheckState.DEGRADED: "yellow",
    CheckState.DOWN: "bold red",
    CheckState.INCONCLUSIVE: "magenta",
}


def probe(directory: Directory, monitor_ids: Iterable[str], as_json: bool) -> int:
    """Checks the monitors of these ids, or all; prints a table or one JSON object a line, in their order in the file.

    Returns the exit code: 0 when all are up, 1 when not. Heartbeats are left out, with a note on stderr.
    """
    wanted = set(monitor_ids) or set(directory.monitors)
    named = [monitor for monitor_id, monitor in directory.monitors.items() if monitor_id in wanted]
    monitors = [monitor for monitor in named if monitor.is_probed]
    _note_heartbeats([monitor.monitor_id for monitor in named if not monitor.is_probed])
    rules = TargetRules(allow_private=directory.regions.allow_private_targets)
    found = {result.monitor_id: result for result in _with_progress(_results(monitors, rules), len(monitors))}
    in_order = [found[monitor.monitor_id] for monitor in monitors]
    _print_lines(in_order) if as_json else Console().print(_table(in_order))
    return 0 if all(result.state is CheckState.UP for result in in_order) else 1


def _note_heartbeats(monitor_ids: list[str]) -> None:
    if monitor_ids:
        click.echo(f"Not checked, since a heartbeat calls us: {', '.join(monitor_ids)}", err=True)


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
        "certificate_expires": _instant(result.certificate_expires),
    }


def _instant(moment: datetime | None) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _table(results: Iterable[CheckResult]) -> Table:
    """Of what is up, where the time went. Narrow terminals fold what is long; nothing is cut."""
    table = Table(box=None, pad_edge=False)
    for heading in ("monitor", "state", "status", "took", "certificate until", "what was found"):
        table.add_column(heading, overflow="fold")
    for result in results:
        table.add_row(
            result.monitor_id,
            f"[{_COLOURS[result.state]}]{result.state.value}[/]",
            str(result.status or ""),
            "" if result.timings.total is None else f"{result.timings.total:.0f} ms",
            "" if result.certificate_expires is None else f"{result.certificate_expires:%Y-%m-%d}",
            Text(result.message) if result.failures else Text(phases(result.timings), "dim"),
        )
    return table
