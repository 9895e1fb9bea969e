"""How the bench counts what AWS bills: by its documented rules, from calls and items."""

from typing import Any

import pytest

from bench.cost.item_sizes import size_of
from bench.cost.meter import Meter

KILOBYTE = {"a": {"B": b"x" * 1023}}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        pytest.param({"S": "šedá"}, 6, id="text is UTF-8"),
        pytest.param({"N": "1234567"}, 5, id="two digits are a byte, and one more"),
        pytest.param({"N": "-10"}, 3, id="a sign is a byte, zeros at the end none"),
        pytest.param({"B": b"abc"}, 3, id="bytes are bytes"),
        pytest.param({"BOOL": True}, 1, id="a truth is a byte"),
        pytest.param({"NULL": True}, 1, id="nothing is a byte"),
        pytest.param({"L": [{"S": "a"}, {"S": "b"}]}, 7, id="a list has three bytes, and one for each item"),
        pytest.param({"M": {"k": {"S": "v"}}}, 6, id="so has a map, with its names"),
        pytest.param({"SS": ["ab", "c"]}, 3, id="a set is its members"),
    ],
)
def test_the_size_of_an_attribute(value: dict[str, Any], size: int) -> None:
    assert size_of({"é": value}) == 2 + size


@pytest.mark.parametrize(
    ("service", "operation", "params", "answer", "billed"),
    [
        ("dynamodb", "GetItem", {"ConsistentRead": True}, {"Item": KILOBYTE}, {"dynamodb_read_units": 1}),
        ("dynamodb", "GetItem", {}, {"Item": KILOBYTE}, {"dynamodb_read_units": 0.5}),
        ("dynamodb", "GetItem", {"ConsistentRead": True}, {}, {"dynamodb_read_units": 1}),
        ("dynamodb", "Query", {"ConsistentRead": True}, {"Items": [KILOBYTE] * 5}, {"dynamodb_read_units": 2}),
        ("dynamodb", "PutItem", {"Item": KILOBYTE}, {}, {"dynamodb_write_units": 1}),
        ("dynamodb", "PutItem", {"Item": {**KILOBYTE, "b": {"BOOL": True}}}, {}, {"dynamodb_write_units": 2}),
        ("dynamodb", "PutItem", {"Item": {"due_kind": {"S": "x"}}}, {}, {"dynamodb_write_units": 2}),
        (
            "dynamodb",
            "TransactWriteItems",
            {"TransactItems": [{"Put": {"Item": KILOBYTE}}, {"ConditionCheck": {}}]},
            {},
            {"dynamodb_write_units": 4},
        ),
        (
            "sqs",
            "SendMessageBatch",
            {"QueueUrl": "https://q/checks.fifo", "Entries": [{"MessageBody": "x"}] * 10},
            {},
            {"sqs_fifo_requests": 1},
        ),
        ("sqs", "ReceiveMessage", {"QueueUrl": "https://q/work"}, {}, {"sqs_requests": 1}),
        ("events", "PutEvents", {"Entries": [{}, {}]}, {}, {"custom_events": 2}),
        ("s3", "PutObject", {}, {}, {"s3_writes": 1}),
    ],
    ids=[
        "a consistent read",
        "one that may be late is half",
        "finding nothing costs, too",
        "a query is added up, then rounded",
        "a kilobyte is one unit",
        "a byte more is two",
        "an index is written as well",
        "a transaction costs twice, also what it only looks at",
        "ten messages are one request",
        "another queue is another price",
        "each event",
        "an object",
    ],
)
def test_what_a_call_bills(
    service: str, operation: str, params: dict[str, Any], answer: dict[str, Any], billed: dict[str, float]
) -> None:
    meter = Meter()

    meter.count(service, operation, params, answer)

    assert dict(meter.usage) == billed


def test_a_call_whose_price_nobody_wrote_down_is_an_error() -> None:
    with pytest.raises(KeyError, match="Scan"):
        Meter().count("dynamodb", "Scan", {}, {})
