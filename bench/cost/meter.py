"""Counts what AWS would bill for each call that goes through botocore, from the call and its answer."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from math import ceil
from typing import Any

import boto3

from bench.cost.item_sizes import size_of

READ_UNIT = 4096
WRITE_UNIT = 1024
SQS_UNIT = 64 * 1024

Params = Mapping[str, Any]
Answer = Mapping[str, Any]


class Meter:
    """`usage` counts by the names of prices, `calls` by service and operation; a call that is not known is an error.

    `payload` are the bytes that go to DynamoDB and back; `seconds_inside` is what the stand-in for AWS computed.
    """

    def __init__(self) -> None:
        self.usage: defaultdict[str, float] = defaultdict(float)
        self.calls: Counter[str] = Counter()
        self.payload = 0
        self.seconds_inside = 0.0

    def count(self, service: str, operation: str, params: Params, answer: Answer) -> None:
        self.calls[f"{service}.{operation}"] += 1
        for unit, number in _BILLED[service, operation](params, answer):
            self.usage[unit] += number
        if service == "dynamodb":
            self.payload += _payload(params) + _payload(answer)


@contextmanager
def metered(meter: Meter) -> Iterator[None]:
    """Every client that is made meanwhile is metered."""
    session = boto3.DEFAULT_SESSION or boto3.Session()
    before, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, session

    def note(params: Params, context: dict[str, Any], **_: Any) -> None:
        context["metered"] = dict(params)

    def begin(context: dict[str, Any], **_: Any) -> None:
        context["began"] = time.thread_time()

    def count(parsed: Answer, model: Any, context: dict[str, Any], **_: Any) -> None:
        meter.seconds_inside += time.thread_time() - context["began"]
        meter.count(model.service_model.service_name, model.name, context["metered"], parsed)

    hooks: dict[str, Callable[..., None]] = {
        "provide-client-params.*.*": note,
        "before-call.*.*": begin,
        "after-call.*.*": count,
    }
    for event, hook in hooks.items():
        session.events.register(event, hook)
    try:
        yield
    finally:
        for event, hook in hooks.items():
            session.events.unregister(event, hook)
        boto3.DEFAULT_SESSION = before


Billed = Iterable[tuple[str, float]]


def _read(params: Params, items: Iterable[Mapping[str, Any]]) -> Billed:
    """The items of one call are added up before they are rounded; a read that finds nothing costs the least."""
    units = max(1, ceil(sum(map(size_of, items)) / READ_UNIT))
    yield "dynamodb_read_units", units if params.get("ConsistentRead") else units / 2


def _written(item: Mapping[str, Any]) -> int:
    """With its copies in the indexes whose keys it has, which hold all of it."""
    indexes = sum(name.endswith("_kind") for name in item)
    return max(1, ceil(size_of(item) / WRITE_UNIT)) * (1 + indexes)


def _get(params: Params, answer: Answer) -> Billed:
    return _read(params, [answer["Item"]] if "Item" in answer else [])


def _query(params: Params, answer: Answer) -> Billed:
    return _read(params, answer["Items"])


def _put(params: Params, _: Answer) -> Billed:
    yield "dynamodb_write_units", _written(params["Item"])


def _delete(_params: Params, _: Answer) -> Billed:
    yield "dynamodb_write_units", 1


def _transact(params: Params, _: Answer) -> Billed:
    for action in params["TransactItems"]:
        yield "dynamodb_write_units", 2 * (_written(action["Put"]["Item"]) if "Put" in action else 1)


def _batch_get(params: Params, answer: Answer) -> Billed:
    for table, items in answer["Responses"].items():
        for item in items:
            yield from _read(params["RequestItems"][table], [item])


def _send(params: Params, _: Answer) -> Billed:
    entries = params.get("Entries", [params])
    size = sum(len(each["MessageBody"].encode()) for each in entries)
    yield _queue(params), max(1, ceil(size / SQS_UNIT))


def _one_sqs_request(params: Params, _: Answer) -> Billed:
    yield _queue(params), 1


def _queue(params: Params) -> str:
    return "sqs_fifo_requests" if params["QueueUrl"].endswith(".fifo") else "sqs_requests"


def _events(params: Params, _: Answer) -> Billed:
    yield "custom_events", len(params["Entries"])


def _one(unit: str) -> Callable[[Params, Answer], Billed]:
    return lambda _params, _answer: [(unit, 1)]


def _nothing(_params: Params, _answer: Answer) -> Billed:
    return ()


_BILLED: dict[tuple[str, str], Callable[[Params, Answer], Billed]] = {
    ("dynamodb", "GetItem"): _get,
    ("dynamodb", "Query"): _query,
    ("dynamodb", "PutItem"): _put,
    ("dynamodb", "DeleteItem"): _delete,
    ("dynamodb", "TransactWriteItems"): _transact,
    ("dynamodb", "BatchGetItem"): _batch_get,
    ("sqs", "SendMessage"): _send,
    ("sqs", "SendMessageBatch"): _send,
    ("sqs", "ReceiveMessage"): _one_sqs_request,
    ("sqs", "DeleteMessage"): _one_sqs_request,
    ("sqs", "DeleteMessageBatch"): _one_sqs_request,
    ("sqs", "ChangeMessageVisibility"): _one_sqs_request,
    ("events", "PutEvents"): _events,
    ("secretsmanager", "GetSecretValue"): _one("secret_requests"),
    ("secretsmanager", "BatchGetSecretValue"): _one("secret_requests"),
    ("s3", "PutObject"): _one("s3_writes"),
    ("s3", "GetObject"): _one("s3_reads"),
    ("s3", "HeadObject"): _one("s3_reads"),
    ("stepfunctions", "StartExecution"): _nothing,
}
"""Streams that Lambda reads, and TTL deletions, cost nothing. A Step Functions execution is counted by its states."""


def _payload(said: Any) -> int:
    """About as many bytes as it has as JSON."""
    if isinstance(said, Mapping):
        return sum(len(str(name)) + 4 + _payload(each) for name, each in said.items())
    if isinstance(said, list | tuple):
        return sum(1 + _payload(each) for each in said)
    return ceil(len(said) * 4 / 3) if isinstance(said, bytes) else len(str(said)) + 2
