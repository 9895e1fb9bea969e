"""`tocsin monitors`: how everything is."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tocsin.cli.moments import moment
from tocsin.domain.duration import in_words
from tocsin.domain.monitor_overview import PERIODS, MonitorOverview
from tocsin.domain.up_time import shown

STYLES = {"up": "green", "degraded": "yellow", "down": "bold red", "unknown": "magenta", "paused": "dim"}
WORST_FIRST = ("down", "unknown", "degraded", "up", "paused")


def tell(found: Iterable[MonitorOverview], now: datetime, as_json: bool) -> None:
    """What needs a look comes first."""
    ordered = sorted(found, key=lambda each: (WORST_FIRST.index(each.state), each.monitor_id))
    if as_json:
        click.echo(json.dumps({"monitors": [_line(each) for each in ordered]}))
    elif ordered:
        Console().print(_table(ordered, now))
    else:
        click.echo("There is no monitor yet: add one to the file, then `tocsin apply`.")


def _line(each: MonitorOverview) -> dict[str, Any]:
    return {
        "monitor": each.monitor_id,
        "service": each.service_id,
        "state": each.state,
        "since": moment(each.since),
        "last_check": moment(each.last_check),
        "up_time": {name: None if share is None else round(share, 6) for name, share in each.up_time.items()},
        "p95": each.p95,
        "note": each.note,
    }


def _table(found: Iterable[MonitorOverview], now: datetime) -> Table:
    table = Table("monitor", "state", "for", "checked", *PERIODS, "p95 (1 h)", "note", box=None, pad_edge=False)
    for each in found:
        table.add_row(
            each.monitor_id,
            Text(each.state, STYLES[each.state]),
            "" if each.since is None else in_words(now - each.since),
            "never" if each.last_check is None else f"{in_words(now - each.last_check)} ago",
            *(shown(each.up_time[name]) for name in PERIODS),
            "" if each.p95 is None else f"{each.p95} ms",
            Text(each.note),
        )
    return table
