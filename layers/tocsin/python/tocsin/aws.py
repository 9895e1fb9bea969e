"""How long AWS may take to answer, for all clients: botocore would wait a minute, and no function has that long."""

from botocore.config import Config


def client_config(*, attempts: int = 2) -> Config:
    """`attempts` include the first. More than two are for throttling, which is told at once; silence costs 4 s each."""
    return Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": attempts})
