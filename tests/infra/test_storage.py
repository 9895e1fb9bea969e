"""The tables: what they are keyed by, and that nothing in them is lost."""

import boto3
import pytest
from moto import mock_aws

from infra.capabilities.outbox import OUTBOX_PREFIX
from tests.support.tables import REGION, create_tables
from tests.support.template import Resource, Template
from tocsin.stores import keys


@pytest.fixture(scope="session")
def tables(home: Template) -> dict[str, Resource]:
    return {
        path.removeprefix("Storage/").lower(): found for path, found in home.of_type("AWS::DynamoDB::Table").items()
    }


def test_every_table_is_on_demand_recoverable_protected_and_streams(tables: dict[str, Resource]) -> None:
    for table in tables.values():
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionProtectionEnabled"] is True
        assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
        assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_deleting_the_stack_deletes_no_table(home: Template) -> None:
    policies = {
        (resource["DeletionPolicy"], resource["UpdateReplacePolicy"])
        for resource in home.body["Resources"].values()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }

    assert policies == {("Retain", "Retain")}


def test_only_the_tables_that_other_regions_reach_have_names(tables: dict[str, Resource]) -> None:
    assert {name: table.get("TableName") for name, table in tables.items()} == {
        "directory": "Tocsin-directory",
        "monitoring": "Tocsin-monitoring",
        "incidents": None,
    }


def test_the_tables_of_the_integration_tests_are_those_of_the_template(tables: dict[str, Resource]) -> None:
    with mock_aws():
        create_tables()
        client = boto3.client("dynamodb", region_name=REGION)
        made = {name: client.describe_table(TableName=name)["Table"] for name in client.list_tables()["TableNames"]}

    assert {name: keyed_by(table) for name, table in made.items()} == {
        name: keyed_by(table) for name, table in tables.items()
    }


def test_the_relay_is_handed_new_outbox_entries_and_nothing_else(home: Template) -> None:
    sources = [
        source
        for source in home.of_type("AWS::Lambda::EventSourceMapping").values()
        if home.written(source["EventSourceArn"]).endswith("/stream")
    ]
    patterns = {criteria["Pattern"] for source in sources for criteria in source["FilterCriteria"]["Filters"]}

    assert OUTBOX_PREFIX == keys.OUTBOX_PREFIX
    assert {home.written(source["EventSourceArn"]) for source in sources} == {
        "Storage/Directory/stream",
        "Storage/Monitoring/stream",
        "Storage/Incidents/stream",
    }
    assert patterns == {'{"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "OUTBOX#"}]}}}}'}


def test_an_event_is_relayed_until_the_stream_forgets_it_and_then_it_is_said_which(home: Template) -> None:
    for source in home.of_type("AWS::Lambda::EventSourceMapping").values():
        if home.written(source["EventSourceArn"]).endswith("/stream"):
            assert source["StartingPosition"] == "TRIM_HORIZON"
            assert source["MaximumRetryAttempts"] == -1
            assert source["MaximumRecordAgeInSeconds"] == 24 * 3600
            assert source["BisectBatchOnFunctionError"] is True
            assert home.written(source["DestinationConfig"]["OnFailure"]["Destination"]) == "Outbox/NotRelayed"


def keyed_by(table: Resource) -> dict[str, object]:
    indexes = {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}
    return {
        "key": [(part["AttributeName"], part["KeyType"]) for part in table["KeySchema"]],
        "types": {part["AttributeName"]: part["AttributeType"] for part in table["AttributeDefinitions"]},
        "indexes": {
            name: ([(part["AttributeName"], part["KeyType"]) for part in index["KeySchema"]], index["Projection"])
            for name, index in indexes.items()
        },
    }
