"""State of an earlier run, made fit for the next one."""

import json
from pathlib import Path


def rewind_streams(data: Path) -> None:
    """Lets every reader of a DynamoDB stream begin at the stream's start.

    The emulator keeps how far each reader got, but not the records of the streams, which count from 0 again after a
    start: a reader would wait, and drop what it is given, until the new stream is as long as the old one was.
    """
    file = data / "lambda.json"
    if not file.exists():
        return
    state = json.loads(file.read_text())
    positions = state["payload"]["dynamodb_stream_positions"]["data"]
    positions.update(dict.fromkeys(positions, 0))
    file.write_text(json.dumps(state))
