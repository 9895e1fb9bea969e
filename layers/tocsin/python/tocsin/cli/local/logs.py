"""What the functions on the emulator complained about."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tocsin.cli.local import deployment
from tocsin.cli.local.emulator import Emulator

_COMPLAINTS = ("ERROR", "CRITICAL", "Traceback", "Task timed out")


def errors(emulator: Emulator, since: datetime, limit: int = 8) -> tuple[str, ...]:
    """The newest of them in the home region, one line each, oldest first."""
    client = deployment.client(emulator, "logs")
    found = sorted(
        (event["timestamp"], _line(group, event["message"]))
        for group in _groups(client)
        for event in _events(client, group, since)
        if any(word in event["message"] for word in _COMPLAINTS)
    )
    return tuple(line for _, line in found[-limit:])


def _groups(client: Any) -> Iterator[str]:
    for page in client.get_paginator("describe_log_groups").paginate():
        yield from (group["logGroupName"] for group in page["logGroups"])


def _events(client: Any, group: str, since: datetime) -> Iterator[dict[str, Any]]:
    start = int(since.timestamp() * 1000)
    for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start):
        yield from page["events"]


def _line(group: str, message: str) -> str:
    """Powertools writes JSON; anything else is shown by its last line, which in a traceback is the error."""
    try:
        entry = json.loads(message)
        text = f"{entry['message']} {entry.get('exception_name', '')} {entry.get('exception', '').splitlines()[-1:]}"
        return f"{entry.get('service', group)}: {text}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"{group}: {message.strip().splitlines()[-1] if message.strip() else ''}"
