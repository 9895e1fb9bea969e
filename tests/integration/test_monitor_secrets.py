"""Secrets of monitors, read from Secrets Manager before the checks begin."""

import boto3
import pytest

from tests.support.builders import NOON, after
from tests.support.tables import REGION
from tocsin.errors import NotFoundError
from tocsin.stores.monitor_secrets import MonitorSecrets

HOW_TO_CREATE = f"aws secretsmanager create-secret --region {REGION} --name tocsin/absent --secret-string …"


def store(name: str, value: str) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name=name, SecretString=value)


def change(name: str, value: str) -> None:
    boto3.client("secretsmanager", region_name=REGION).put_secret_value(SecretId=name, SecretString=value)


@pytest.fixture
def secrets() -> MonitorSecrets:
    store("tocsin/token", "abc\n")
    store("tocsin/team/key", "def")
    store("other", "not for monitors")
    return MonitorSecrets(REGION)


def test_they_are_known_once_they_are_loaded(secrets: MonitorSecrets) -> None:
    secrets.load(["token", "team/key", "token"], NOON)

    assert (secrets("token"), secrets("team/key")) == ("abc", "def")


def test_bytes_are_text_too(secrets: MonitorSecrets) -> None:
    secrets.client.create_secret(Name="tocsin/pem", SecretBinary=b"-----BEGIN")

    secrets.load(["pem"], NOON)

    assert secrets("pem") == "-----BEGIN"


@pytest.mark.parametrize(
    ("minutes", "value"), [pytest.param(4.9, "abc", id="still kept"), pytest.param(5, "new", id="read anew")]
)
def test_a_rotated_one_is_taken_up_after_five_minutes(secrets: MonitorSecrets, minutes: float, value: str) -> None:
    secrets.load(["token"], NOON)
    change("tocsin/token", "new")

    secrets.load(["token"], after(minutes=minutes))

    assert secrets("token") == value


def test_one_that_does_not_exist_says_how_to_create_it(secrets: MonitorSecrets) -> None:
    secrets.load(["absent"], NOON)

    with pytest.raises(NotFoundError) as told:
        secrets("absent")
    assert str(told.value) == f"the secret absent does not exist; create it with: {HOW_TO_CREATE}"


def test_one_that_was_created_meanwhile_is_found_at_once(secrets: MonitorSecrets) -> None:
    secrets.load(["absent"], NOON)
    store("tocsin/absent", "here")

    secrets.load(["absent"], after(minutes=1))

    assert secrets("absent") == "here"


def test_one_that_was_deleted_is_not_used_on(secrets: MonitorSecrets) -> None:
    secrets.load(["token"], NOON)
    secrets.client.delete_secret(SecretId="tocsin/token", ForceDeleteWithoutRecovery=True)

    secrets.load(["token"], after(minutes=5))

    with pytest.raises(NotFoundError, match="does not exist"):
        secrets("token")


def test_what_cannot_be_read_anew_is_used_on(secrets: MonitorSecrets) -> None:
    secrets.load(["token"], NOON)
    secrets.client.meta.events.register("before-call", out_of_order)

    secrets.load(["token", "team/key"], after(minutes=5))

    assert secrets("token") == "abc"
    with pytest.raises(NotFoundError, match="the secret team/key cannot be read now: Could not connect"):
        secrets("team/key")


def out_of_order(**_: object) -> None:
    from botocore.exceptions import EndpointConnectionError

    raise EndpointConnectionError(endpoint_url="https://secretsmanager.example")


def test_one_that_was_never_loaded_says_so(secrets: MonitorSecrets) -> None:
    with pytest.raises(NotFoundError, match="the secret token has not been read"):
        secrets("token")
