"""What the functions on the emulator logged: their decisions, with the time of each."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from tocsin.cli.local import deployment
from tocsin.cli.local.record import Emulator


class Line(NamedTuple):
    """`said` is all of it, as JSON has it."""

    at: datetime
    message: str
    said: Mapping[str, Any]


def read(emulator: Emulator, since: datetime) -> list[Line]:
    """Of the home region, in the order of their time."""
    logs = deployment.client(emulator, "logs")
    pages = logs.get_paginator("describe_log_groups").paginate()
    groups = (group["logGroupName"] for page in pages for group in page["logGroups"])
    return sorted(
        (line for group in groups for line in lines_in(_messages(logs, group, since))), key=lambda line: line.at
    )


def lines_in(messages: Iterable[str]) -> Iterator[Line]:
    """Powertools' logger writes JSON objects, and so do its metrics; everything else is Lambda's."""
    for message in messages:
        said = json.loads(message) if message.startswith("{") else {}
        if "timestamp" in said:
            yield Line(datetime.strptime(said["timestamp"], "%Y-%m-%d %H:%M:%S,%f%z"), said["message"], said)


def _messages(logs: Any, group: str, since: datetime) -> Iterator[str]:
    start = int(since.timestamp() * 1000)
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=start):
        yield from (event["message"] for event in page["events"])
