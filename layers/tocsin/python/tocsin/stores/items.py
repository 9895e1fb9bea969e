"""Records as DynamoDB items: `pk`, `sk`, the record's fields as plain attributes, and what the indexes and TTL need."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from pydantic import BeforeValidator

from tocsin.domain.record import Record
from tocsin.stores.keys import Key

R = TypeVar("R", bound=Record)

Packed = Annotated[bytes, BeforeValidator(bytes)]
"""boto3 reads bytes as an object of its own, which turns into them."""

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize
_NOT_OURS = {"pk", "sk", "expires_at", "due_kind", "due_at", "recent_kind", "recent_at"}
"""Unless a record has a field of that name."""


@dataclass(frozen=True)
class Stored(Generic[R]):
    """An item that is not read yet: whoever looks over many can go on when one of them cannot be read."""

    item: Mapping[str, Any]
    model: type[R]

    @property
    def key(self) -> Key:
        return Key(self.item["pk"]["S"], self.item["sk"]["S"])

    def read(self) -> R:
        return record_of(self.item, self.model)


def item_of(key: Key, record: Record, attributes: Mapping[str, Any]) -> dict[str, Any]:
    fields = json.loads(record.model_dump_json(exclude_none=True), parse_float=Decimal)
    return marshal({**key._asdict(), **fields, **attributes})


def record_of(item: Mapping[str, Any], model: type[R]) -> R:
    """Raises pydantic's ValidationError for an item that is no such record."""
    ours = item.keys() - (_NOT_OURS - model.model_fields.keys())
    fields = {name: _plain(_deserialize(value)) for name, value in item.items() if name in ours}
    return model.model_validate(fields)


def _plain(value: Any) -> Any:
    """boto3 reads every number as a Decimal."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def marshal(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in values.items()}
