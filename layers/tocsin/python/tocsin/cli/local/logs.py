"""What the functions on the emulator complained about."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from tocsin.cli.local import deployment
from tocsin.cli.local.record import Emulator

_LEVELS = {"ERROR", "CRITICAL"}
_TIMED_OUT = "Task timed out"
_TRACEBACK = "Traceback (most recent call last)"


def errors(emulator: Emulator, since: datetime, limit: int = 8) -> tuple[str, ...]:
    """The newest of them in the home region, one line each, oldest first."""
    client = deployment.client(emulator, "logs")
    found = sorted(
        (at, f"{group.rsplit('/', 1)[-1]}: {complaint}")
        for group in _groups(client)
        for at, complaint in complaints(_events(client, group, since))
    )
    return tuple(line for _, line in found[-limit:])


def complaints(events: Iterable[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """When, and what. Each line of a traceback is an event of its own here; the last one tells the error."""
    inside = False
    for event in events:
        line = event["message"].rstrip()
        if inside and line and not line.startswith(" "):
            inside = False
            yield event["timestamp"], line
        elif line.startswith(_TRACEBACK):
            inside = "\n" not in line
            if not inside:
                yield event["timestamp"], line.splitlines()[-1]
        elif _TIMED_OUT in line or _level(line) in _LEVELS:
            yield event["timestamp"], line


def _groups(client: Any) -> Iterator[str]:
    for page in client.get_paginator("describe_log_groups").paginate():
        yield from (group["logGroupName"] for group in page["logGroups"])


def _events(client: Any, group: str, since: datetime) -> Iterator[dict[str, Any]]:
    start = int(since.timestamp() * 1000)
    for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start):
        yield from page["events"]


def _level(line: str) -> str | None:
    """Of a line that Powertools wrote."""
    try:
        return str(json.loads(line)["level"])
    except (ValueError, KeyError, TypeError):
        return None
