"""What all parts of the file have in common."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from tocsin.cli.file.wording import wrong


class Entry(BaseModel):
    """Nothing is guessed: no unknown keys, no number read as text."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


def _one_property(schema: dict[str, Any]) -> None:
    """Optional in Python only because one of the others is there: null is not meant."""
    schema |= {"minProperties": 1, "maxProperties": 1}
    for name, of in schema["properties"].items():
        described = {"description": of["description"]} if "description" in of else {}
        schema["properties"][name] = described | of["anyOf"][0]


class OneOf(Entry):
    """A mapping with exactly one of its keys."""

    model_config = ConfigDict(json_schema_extra=_one_property)

    @model_validator(mode="after")
    def _has_exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1 or self.value is None:
            names = ", ".join(f"`{name}`" for name in type(self).model_fields)
            raise wrong(f"must have exactly one of {names}; write each in an item of its own")
        return self

    @property
    def key(self) -> str:
        return next(iter(self.model_fields_set))

    @property
    def value(self) -> str | None:
        value: str | None = getattr(self, self.key)
        return value
