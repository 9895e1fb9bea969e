"""A DynamoDB table of records: read, query, and change in one transaction."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Self, TypeVar

import boto3

from tocsin.aws import client_config
from tocsin.domain.outbox import OutboxEntry
from tocsin.domain.record import Event, Record
from tocsin.errors import ConflictError
from tocsin.stores import keys
from tocsin.stores.items import Stored, item_of, marshal, record_of
from tocsin.stores.keys import Key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

R = TypeVar("R", bound=Record)

OUTBOX_KEPT = timedelta(days=7)

# boto3 tries a throttled request again, but not a transaction in which one item was throttled.
_WORTH_ANOTHER_TRY = {
    "ConditionalCheckFailed",
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
}


@dataclass(frozen=True)
class Write:
    """One item of a transaction. `condition` is a DynamoDB condition expression; it spells attributes as `#name`."""

    key: Key
    record: Record | None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    condition: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    check_only: bool = False

    @classmethod
    def put(cls, key: Key, record: Record, **attributes: Any) -> Self:
        """Whatever was there before is replaced."""
        return cls(key, record, attributes)

    @classmethod
    def create(cls, key: Key, record: Record, **attributes: Any) -> Self:
        """Conflicts when the item exists."""
        return cls(key, record, attributes, "attribute_not_exists(#pk)")

    @classmethod
    def replace(cls, key: Key, record: Record, *, version: int, **attributes: Any) -> Self:
        """Conflicts unless the stored item still has `version`; version 0 means that there is none yet."""
        if version == 0:
            return cls.create(key, record, **attributes)
        return cls(key, record, attributes, "#version = :version", {":version": version})

    @classmethod
    def delete(cls, key: Key) -> Self:
        return cls(key, None)

    @classmethod
    def require(cls, key: Key, condition: str, **values: Any) -> Self:
        """Writes nothing; conflicts unless the condition holds. `values` lack their colon."""
        return cls(key, None, {}, condition, {f":{name}": value for name, value in values.items()}, check_only=True)


@cache
def dynamodb(region: str | None = None) -> "DynamoDBClient":
    return boto3.client("dynamodb", region_name=region, config=client_config(attempts=6))


class Table:
    """`region` is the table's; None means the one the code runs in."""

    def __init__(self, name: str, region: str | None = None) -> None:
        self.name = name
        self._client = dynamodb(region)

    def get(self, key: Key, model: type[R]) -> R | None:
        """A strongly consistent read; None when there is no such item."""
        answer = self._client.get_item(TableName=self.name, Key=marshal(key._asdict()), ConsistentRead=True)
        item = answer.get("Item")
        return None if item is None else record_of(item, model)

    def query_span(self, pk: str, model: type[R], start: datetime, end: datetime) -> Iterator[R]:
        """The records of a partition whose sort key is an instant from `start` to before `end`, in its order."""
        # `end` is left out by its last digit: an instant has whole microseconds, and BETWEEN takes both of its ends.
        values = {":pk": pk, ":start": keys.instant(start), ":end": keys.instant(end - timedelta(microseconds=1))}
        items = self._pages(
            KeyConditionExpression="pk = :pk AND sk BETWEEN :start AND :end",
            ExpressionAttributeValues=marshal(values),
            ConsistentRead=True,
        )
        return (record_of(item, model) for item in items)

    def query(
        self, pk: str, model: type[R], *, prefix: str = "", newest_first: bool = False, limit: int | None = None
    ) -> Iterator[R]:
        """The records of a partition whose sort key begins with `prefix`, in its order; strongly consistent."""
        condition = "pk = :pk AND begins_with(sk, :prefix)" if prefix else "pk = :pk"
        values = {":pk": pk, ":prefix": prefix} if prefix else {":pk": pk}
        items = self._pages(
            KeyConditionExpression=condition,
            ExpressionAttributeValues=marshal(values),
            ConsistentRead=True,
            ScanIndexForward=not newest_first,
            limit=limit,
        )
        return (record_of(item, model) for item in items)

    def query_index(
        self,
        index: str,
        pk: str,
        model: type[R],
        *,
        until: datetime | None = None,
        newest_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Stored[R]]:
        """What is in `due` or `recent` and whose instant is not after `until`; eventually consistent."""
        condition = f"{index}_kind = :pk" + (f" AND {index}_at <= :until" if until else "")
        values = {":pk": pk} | ({":until": keys.instant(until)} if until else {})
        items = self._pages(
            IndexName=index,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=marshal(values),
            ScanIndexForward=not newest_first,
            limit=limit,
        )
        return (Stored(item, model) for item in items)

    def save(self, writes: Iterable[Write], events: Iterable[Event] = ()) -> None:
        """All of it or nothing: the writes and, in the same transaction, the events they caused.

        Raises ConflictError when a condition does not hold, another transaction holds an item, or one is throttled.
        """
        items = [self._action(write) for write in writes] + [self._action(_outbox(event)) for event in events]
        if not items:
            return
        try:
            self._client.transact_write_items(TransactItems=items)
        except self._client.exceptions.TransactionCanceledException as cancelled:
            codes = {reason.get("Code", "None") for reason in cancelled.response.get("CancellationReasons", [])}
            if codes & _WORTH_ANOTHER_TRY:
                raise ConflictError(f"{self.name}: not now ({', '.join(sorted(codes))})") from cancelled
            raise

    def put(self, write: Write) -> None:
        """One item that causes no event: it needs no transaction, which would cost twice as much.

        Raises ConflictError when its condition does not hold.
        """
        try:
            self._client.put_item(**self._action(write)["Put"])
        except self._client.exceptions.ConditionalCheckFailedException as failed:
            raise ConflictError(f"{self.name}: somebody was first") from failed

    def _action(self, write: Write) -> Any:
        options: dict[str, Any] = {"TableName": self.name}
        if write.condition:
            options["ConditionExpression"] = write.condition
            options["ExpressionAttributeNames"] = {f"#{name}": name for name in re.findall(r"#(\w+)", write.condition)}
        if write.values:
            options["ExpressionAttributeValues"] = marshal(write.values)
        if write.check_only:
            return {"ConditionCheck": options | {"Key": marshal(write.key._asdict())}}
        if write.record is None:
            return {"Delete": options | {"Key": marshal(write.key._asdict())}}
        return {"Put": options | {"Item": item_of(write.key, write.record, write.attributes)}}

    def _pages(self, *, limit: int | None = None, **query: Any) -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self.name,
            PaginationConfig={} if limit is None else {"MaxItems": limit, "PageSize": limit},
            **query,
        )
        for page in pages:
            yield from page["Items"]


def _outbox(event: Event) -> Write:
    expires_at = int((event.occurred_at + OUTBOX_KEPT).timestamp())
    return Write.put(keys.outbox(event), OutboxEntry.of(event), expires_at=expires_at)
