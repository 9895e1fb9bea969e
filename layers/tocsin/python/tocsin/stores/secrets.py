"""Secrets, read from Secrets Manager and kept for a few minutes, so that a rotated one is soon taken up."""

from datetime import timedelta

from aws_lambda_powertools.utilities import parameters

KEPT = timedelta(minutes=5)


def read_secret(arn: str) -> bytes:
    return str(parameters.get_secret(arn, max_age=int(KEPT.total_seconds()))).encode()
