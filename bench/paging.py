"""How long a page takes to leave: from the end of the check that confirmed an outage to SES having the e-mail."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from bench.percentiles import median, percentile
from demo.observer import Observer, aws_of
from demo.shop import Shop
from tocsin.cli.local import stack
from tocsin.cli.local.steps import Steps
from tocsin.cli.local.workspace import STATE, Workspace
from tocsin.clock import utc_now
from tocsin.domain.incidents import Incident
from tocsin.errors import TocsinError

OUTAGES = 32
WARM_UP = "warm-up"
APART = 5.0
"""Seconds between two outages: their checks run every ten, so at most two are confirmed at once."""


@dataclass(frozen=True)
class Way:
    """How long after the end of the confirming check."""

    asked: timedelta
    taken_up: timedelta
    sent: timedelta


def bench(console: Console) -> None:
    workspace = Workspace.find()
    workspace = Workspace(workspace.root, workspace.root / STATE / "bench")
    names = (WARM_UP, *(f"shop-{number:02d}" for number in range(1, OUTAGES + 1)))
    with _shops(names) as shops:
        file = _write_file(workspace.state, shops)
        try:
            with aws_of(emulator := stack.up(workspace, stack.Options(file), Steps(console))):
                ways = _outages(console, Observer(emulator), shops)
        finally:
            stack.down(workspace, clean=True)
    _show(console, ways)


def _outages(console: Console, observer: Observer, shops: dict[str, Shop]) -> dict[str, Way]:
    began = utc_now()
    with console.status("[dim]waiting until every region has found every shop open[/]"):
        _until(lambda: all(observer.is_up(name, began) for name in shops), within=300)
    for number, (name, shop) in enumerate(shops.items()):
        with console.status(f"[dim]outage {number} of {OUTAGES}[/]"):
            shop.close()
            time.sleep(APART)
            if name == WARM_UP:
                _until(lambda: _way(observer, WARM_UP, began) is not None, within=180)
    with console.status("[dim]waiting for the last pages[/]"):
        _until(lambda: all(_way(observer, name, began) for name in shops), within=180)
    return {name: way for name in shops if (way := _way(observer, name, began))}


def _way(observer: Observer, name: str, since: datetime) -> Way | None:
    """None until the page has left."""
    incident = observer.newest_incident(name, since)
    if incident is None:
        return None
    emails = (email for email in observer.inbox.everything() if incident.incident_id in email.text)
    email = next(emails, None)
    return _measured(observer, incident, email.received_at) if email else None


def _measured(observer: Observer, incident: Incident, received_at: datetime) -> Way:
    notification = observer.incidents.notifications(incident.incident_id)[0]
    claimed_at = notification.claimed_at or received_at
    moments = (notification.requested_at, claimed_at, received_at)
    return Way(*(moment - incident.triggered_at for moment in moments))


def _show(console: Console, ways: dict[str, Way]) -> None:
    cold, warm = ways[WARM_UP], [way for name, way in ways.items() if name != WARM_UP]
    table = Table(title=f"From the confirming check to the page, over {len(warm)} outages", title_justify="left")
    for column in ("until", "median", "p95", "worst", "first, cold"):
        table.add_column(column, justify="left" if column == "until" else "right")
    for said, part in (
        ("the page was asked for", "asked"),
        ("a sender took it up", "taken_up"),
        ("SES had it", "sent"),
    ):
        spans = [getattr(way, part) for way in warm]
        row = (median(spans), percentile(spans, 0.95), max(spans), getattr(cold, part))
        table.add_row(said, *(f"{span.total_seconds():.2f} s" for span in row))
    console.print(table)


@contextmanager
def _shops(names: tuple[str, ...]) -> Iterator[dict[str, Shop]]:
    with ExitStack() as closing:
        yield {name: closing.enter_context(Shop()) for name in names}


def _write_file(state: Path, shops: dict[str, Shop]) -> Path:
    monitor = {"every": "10s", "timeout": "3s"}
    content: dict[str, Any] = {
        "organization": {"name": "Bench"},
        "regions": {
            "home": "eu-west-1",
            "probes": ["eu-west-1", "us-east-1", "ap-southeast-2"],
            "allow_private_targets": True,
        },
        "people": {"alice": {"name": "Alice", "email": "alice@acme.example"}},
        "escalation_policies": {"default": {"steps": [{"page": [{"person": "alice"}], "wait": "1h"}]}},
        "services": {name: {"name": name, "escalation_policy": "default"} for name in shops},
        "monitors": {name: {"service": name, "http": shop.url, **monitor} for name, shop in shops.items()},
    }
    state.mkdir(parents=True, exist_ok=True)
    file = state / "tocsin.yaml"
    file.write_text(yaml.safe_dump(content, sort_keys=False))
    return file


def _until(there: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + timedelta(seconds=within).total_seconds()
    while not there():
        if time.monotonic() > deadline:
            raise TocsinError(f"the bench waited {within:g} s in vain")
        time.sleep(0.5)
