"""No client waits longer than a function has."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.imports import TOCSIN
from tocsin.channels.email import ses
from tocsin.publishers.bucket import s3
from tocsin.publishers.bus import event_bridge
from tocsin.publishers.check_queue import sqs
from tocsin.stores.executions import step_functions
from tocsin.stores.monitor_secrets import MonitorSecrets
from tocsin.stores.secrets import secrets
from tocsin.stores.table import dynamodb

CLIENTS = [
    pytest.param(ses, 2, id="SES"),
    pytest.param(step_functions, 2, id="Step Functions"),
    pytest.param(event_bridge, 2, id="EventBridge"),
    pytest.param(sqs, 2, id="SQS"),
    pytest.param(lambda: secrets().client, 2, id="Secrets Manager"),
    pytest.param(lambda: MonitorSecrets("eu-west-1").client, 2, id="secrets of monitors"),
    pytest.param(s3, 4, id="S3"),
    pytest.param(dynamodb, 6, id="DynamoDB"),
]


@pytest.mark.parametrize(("client", "attempts"), CLIENTS)
def test_a_client_gives_up_while_its_function_can_still_say_so(client: Callable[[], Any], attempts: int) -> None:
    config = client().meta.config

    assert (config.connect_timeout, config.read_timeout) == (2, 4)
    assert (config.retries["mode"], config.retries["total_max_attempts"]) == ("standard", attempts)


def test_these_are_all_clients_that_functions_have() -> None:
    adapters = [path for path in (TOCSIN / "tocsin").glob("*/*.py") if path.parent.name != "cli"]
    made = [path.stem for path in adapters if "client_config(" in path.read_text()]

    assert len(made) == len(CLIENTS)
    assert [path.stem for path in adapters if "boto3.client(" in path.read_text() and path.stem not in made] == []
