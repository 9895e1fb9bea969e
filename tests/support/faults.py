"""Faults between the functions and AWS: a proxy in front of the emulator that answers as a troubled AWS would."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.polling import eventually
from tocsin.cli.local import browse


class Faults:
    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"

    @contextmanager
    def injected(self, *rules: dict[str, Any]) -> Iterator[None]:
        """Inside, these rules are in force, and `fired` begins empty; afterwards none are."""
        self._send("DELETE", "fired")
        self._send("POST", "rules", list(rules))
        try:
            yield
        finally:
            self.clear()

    def clear(self) -> None:
        self._send("POST", "rules", [])

    def fired(self) -> list[dict[str, Any]]:
        """Every fault since the last `injected` began, oldest first."""
        return list(browse.get(f"{self.endpoint}/_microburst/fired").json())

    def answers(self) -> bool:
        with suppress(OSError):
            return browse.get(f"{self.endpoint}/_microburst/health").status == 200
        return False

    def _send(self, method: str, what: str, body: object = None) -> None:
        sent = None if body is None else json.dumps(body).encode()
        answer = browse.request(
            method, f"{self.endpoint}/_microburst/{what}", sent, {"Content-Type": "application/json"}
        )
        assert answer.status < 300, answer.text


@contextmanager
def faults_before(upstream: str, port: int, log: Path) -> Iterator[Faults]:
    """Starts the proxy on `port`, and stops it."""
    command = [sys.executable, "-m", "microburst", "--upstream", upstream, "--port", str(port)]
    with log.open("ab") as printed:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT)
    try:
        faults = Faults(port)
        eventually("the proxy answers", faults.answers)
        yield faults
    finally:
        process.terminate()
        process.wait(20)


def throttled(operation: str, **limits: Any) -> dict[str, Any]:
    """A rule: the table's capacity is used up. An SDK tries again a few times by itself."""
    return _rule(operation, limits, error={"code": "ProvisionedThroughputExceededException"})


def refused(operation: str, **limits: Any) -> dict[str, Any]:
    """A rule: the transaction is cancelled for the same reason, which no SDK tries again."""
    reasons = [{"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity of your table"}]
    return _rule(
        operation, limits, error={"code": "TransactionCanceledException", "fields": {"CancellationReasons": reasons}}
    )


def stuck(operation: str, **limits: Any) -> dict[str, Any]:
    """A rule: the request goes nowhere, and no answer comes for longer than any function runs."""
    return _rule(operation, limits, timeout_ms=60_000)


def _rule(operation: str, limits: dict[str, Any], **fault: Any) -> dict[str, Any]:
    return {"service": "dynamodb", "operation": operation, **fault, **limits}
