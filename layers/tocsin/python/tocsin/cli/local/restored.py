"""State of an earlier run, made fit for the next one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def rewind_streams(data: Path) -> None:
    """Lets every reader of a DynamoDB stream begin at the stream's start.

    The emulator keeps how far each reader got, but not the records of the streams, which count from 0 again after a
    start: a reader would wait, and drop what it is given, until the new stream is as long as the old one was.
    """
    with _changing(data / "lambda.json") as state:
        positions = state.get("dynamodb_stream_positions", {}).get("data", {})
        positions.update(dict.fromkeys(positions, 0))


def release_messages(data: Path) -> None:
    """Lets every message that a function was at be taken again at once.

    The functions ended with the emulator. A message that still hides would hold up all that waits behind it in a FIFO
    queue, for longer than anybody has patience with a machine that was just started.
    """
    with _changing(data / "sqs.json") as state:
        for queue in state.get("queues", {}).get("data", {}).values():
            for message in queue["messages"]:
                message["visible_at"] = message["sent_at"]


@contextmanager
def _changing(file: Path) -> Iterator[dict[str, Any]]:
    """What the emulator wrote down of one service; written again at the end. Empty when there is nothing."""
    if not file.exists():
        yield {}
        return
    state = json.loads(file.read_text())
    yield state["payload"]
    file.write_text(json.dumps(state))
