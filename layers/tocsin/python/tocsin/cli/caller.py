"""Who is at the terminal, for what is written down about them."""

import getpass


def caller(region: str) -> str:
    """As AWS knows them, `alice` or the name of their session; else as their machine does."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from tocsin.aws import client_config

    try:
        arn: str = boto3.client("sts", region_name=region, config=client_config()).get_caller_identity()["Arn"]
    except (BotoCoreError, ClientError):
        return getpass.getuser()
    return arn.rsplit("/", 1)[-1].rsplit(":", 1)[-1]
