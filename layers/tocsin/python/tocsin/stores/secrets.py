"""Secrets, read from Secrets Manager and kept for a few minutes, so that a rotated one is soon taken up."""

from datetime import timedelta
from functools import cache

from aws_lambda_powertools.utilities.parameters import SecretsProvider

from tocsin.aws import client_config

KEPT = timedelta(minutes=5)


@cache
def secrets() -> SecretsProvider:
    return SecretsProvider(boto_config=client_config())


def read_secret(arn: str) -> bytes:
    return str(secrets().get(arn, max_age=int(KEPT.total_seconds()))).encode()
