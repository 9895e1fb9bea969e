"""The secrets that monitors name: entries below `tocsin/` in the home region's Secrets Manager."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tocsin.aws import client_config
from tocsin.errors import NotFoundError

PREFIX = "tocsin/"
KEPT = timedelta(minutes=5)
"""A rotated one is soon taken up."""

PATIENCE = timedelta(seconds=5)
"""Checks wait for this, so it is short: a value that cannot be read anew is used on."""

_AT_ONCE = 8


class MonitorSecrets:
    """They are read before the checks begin: in their midst, waiting for AWS would make every target look slow."""

    def __init__(self, region: str) -> None:
        self._region = region
        self.client = boto3.client("secretsmanager", region_name=region, config=client_config())
        self._values: dict[str, tuple[str, datetime]] = {}
        self._reasons: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Raises NotFoundError, which says why, when there is no value."""
        if name not in self._values:
            raise NotFoundError(f"the secret {name} {self._reasons.get(name, 'has not been read')}")
        return self._values[name][0]

    def load(self, names: Iterable[str], now: datetime) -> None:
        """Reads those that are not known, or have been known for too long."""
        wanted = sorted(name for name in set(names) if not self._is_fresh(name, now))
        if not wanted:
            return
        readers = ThreadPoolExecutor(_AT_ONCE)
        reads = {name: readers.submit(partial(self._read, name)) for name in wanted}
        wait(reads.values(), PATIENCE.total_seconds())
        readers.shutdown(wait=False, cancel_futures=True)
        for name, read in reads.items():
            self._keep(name, read, now)

    def _is_fresh(self, name: str, now: datetime) -> bool:
        return name in self._values and now - self._values[name][1] < KEPT

    def _keep(self, name: str, read: Future[str], now: datetime) -> None:
        if not read.done() or read.cancelled():
            self._reasons[name] = "cannot be read now: Secrets Manager does not answer"
            return
        try:
            self._values[name] = (read.result(), now)
        except (ClientError, BotoCoreError) as error:
            self._reasons[name] = self._reason(name, error)
            if _is_gone(error):
                self._values.pop(name, None)

    def _read(self, name: str) -> str:
        """Without the line break that a file ends with."""
        found = self.client.get_secret_value(SecretId=f"{PREFIX}{name}")
        return (found.get("SecretString") or found["SecretBinary"].decode()).rstrip("\r\n")

    def _reason(self, name: str, error: Exception) -> str:
        if _is_gone(error):
            create = f"aws secretsmanager create-secret --region {self._region} --name {PREFIX}{name}"
            return f"does not exist; create it with: {create} --secret-string …"
        if _code(error) in {"AccessDeniedException", "DecryptionFailure"}:
            return f"may not be read: {PREFIX}{name} must be encrypted with the account's own aws/secretsmanager key"
        return f"cannot be read now: {_code(error) or error}"


def _code(error: Exception) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""


def _is_gone(error: Exception) -> bool:
    return _code(error) in {"ResourceNotFoundException", "InvalidRequestException"}
