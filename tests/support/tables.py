"""The tables, as the template makes them, on moto."""

from typing import Any, Final

import boto3

REGION: Final = "eu-west-1"
DIRECTORY, MONITORING, INCIDENTS = "directory", "monitoring", "incidents"


def create_tables() -> None:
    _create(DIRECTORY)
    _create(MONITORING, indexes=("due",))
    _create(INCIDENTS, indexes=("due", "recent"))


def _create(name: str, indexes: tuple[str, ...] = ()) -> None:
    keys = ["pk", "sk", *(f"{index}_{part}" for index in indexes for part in ("kind", "at"))]
    options: dict[str, Any] = {}
    if indexes:
        options["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index,
                "KeySchema": _key(f"{index}_kind", f"{index}_at"),
                "Projection": {"ProjectionType": "ALL"},
            }
            for index in indexes
        ]
    boto3.client("dynamodb", region_name=REGION).create_table(
        TableName=name,
        KeySchema=_key("pk", "sk"),
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
        **options,
    )


def _key(partition: str, sort: str) -> Any:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]
