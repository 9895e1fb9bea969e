"""Running a command and reading it as its caller would."""

import json
from collections.abc import Callable
from typing import Any

from click.testing import CliRunner, Result

from tests.support.tables import DIRECTORY, MONITORING, REGION
from tocsin.cli.main import main

WriteFile = Callable[[str], str]
OUTPUTS = {
    "DirectoryTable": DIRECTORY,
    "MonitoringTable": MONITORING,
    "ApiUrl": "https://api.acme.example",
    "HeartbeatKeySecret": "heartbeat-key",
    "HomeRegion": REGION,
    "ProbeRegions": "us-east-1,eu-west-1",
}
"""Of the stack for the small file of `files.py`."""


def run(*arguments: str) -> Result:
    """Wide enough that no table is cut."""
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, arguments, catch_exceptions=False)


def data(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def lines(text: str) -> list[str]:
    """With single spaces, as one reads a table."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
