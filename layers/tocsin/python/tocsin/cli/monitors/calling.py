"""`tocsin monitors heartbeats`: what each job is to call, and when it last did."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from tocsin.cli.aws_failures import clear_failures
from tocsin.cli.deployment import Deployment, deployment_here
from tocsin.cli.failing import failures_told
from tocsin.cli.moments import moment
from tocsin.cli.options import as_json_option, stack_option
from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.heartbeat import Call, Heartbeat, due_at, is_late, known_at


@dataclass(frozen=True)
class Called:
    """A heartbeat and its address; `wrote` is the last call that wrote anything."""

    monitor: Monitor
    check: HeartbeatCheck
    heartbeat: Heartbeat
    wrote: Call | None
    url: str


@click.command()
@stack_option
@as_json_option
@failures_told
def heartbeats(stack: str, as_json: bool) -> None:
    """The addresses that jobs call, and what is known of each. Keep them secret: whoever has one can call it."""
    with clear_failures():
        found, now = _read(deployment_here(stack)), utc_now()
    if as_json:
        click.echo(json.dumps({"heartbeats": [_line(each, now) for each in found]}))
    elif found:
        Console(soft_wrap=True).print(_table(found, now))
    else:
        click.echo(
            "There is no heartbeat yet: add one to the file, as `heartbeat: {every: 1 day}`, then `tocsin apply`."
        )


def _read(deployment: Deployment) -> list[Called]:
    import boto3

    from tocsin.aws import client_config
    from tocsin.domain.heartbeat_key import key_of
    from tocsin.stores.directory import DirectoryStore
    from tocsin.stores.heartbeats import HeartbeatStore

    home = deployment.home_region
    client = boto3.client("secretsmanager", region_name=home, config=client_config())
    secret = client.get_secret_value(SecretId=deployment.heartbeat_key_secret)["SecretString"].encode()
    store = HeartbeatStore(deployment.monitoring_table, home)
    return [
        Called(
            monitor=monitor,
            check=monitor.check,
            heartbeat=store.get(monitor.monitor_id),
            wrote=store.last_written(monitor.monitor_id),
            url=f"{deployment.api_url}/heartbeat/{key_of(monitor.monitor_id, secret)}",
        )
        for monitor in DirectoryStore(deployment.directory_table, home).monitors()
        if isinstance(monitor.check, HeartbeatCheck)
    ]


def _state(called: Called, now: datetime) -> str:
    if called.monitor.paused:
        return "paused"
    known = known_at(called.heartbeat, called.check, now)
    return "late" if is_late(known, called.check, now) else known.state or "new"


def _line(called: Called, now: datetime) -> dict[str, Any]:
    heartbeat, wrote = called.heartbeat, called.wrote
    return {
        "monitor": called.monitor.monitor_id,
        "state": _state(called, now),
        "called_at": moment(heartbeat.called_at),
        "due_at": moment(due_at(heartbeat, called.check)),
        "lasted": heartbeat.lasted.total_seconds() if heartbeat.lasted else None,
        "message": known_at(heartbeat, called.check, now).message,
        "wrote": {"at": moment(wrote.at), "body": wrote.body} if wrote else None,
        "url": called.url,
    }


def _table(found: list[Called], now: datetime) -> Table:
    table = Table("monitor", "state", "called", "due", "address", box=None, pad_edge=False)
    for called in found:
        table.add_row(
            called.monitor.monitor_id,
            _state(called, now),
            moment(called.heartbeat.called_at) or "never",
            moment(due_at(called.heartbeat, called.check)) or "",
            called.url,
        )
    return table
