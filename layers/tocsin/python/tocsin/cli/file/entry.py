"""What all parts of the file have in common."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tocsin.cli.file.wording import wrong


class Entry(BaseModel):
    """Nothing is guessed: no unknown keys, no number read as text."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


def unsaid(alias: str | None = None) -> Any:
    """The default of a part that may be left out but not be null: None, which its type does not admit.

    `alias` is its name in the file, where Python uses that for itself.
    """
    return Field(default=None, alias=alias)


def _one_property(schema: dict[str, Any]) -> None:
    """Optional in Python only because one of the others is there: null is not meant."""
    schema |= {"minProperties": 1, "maxProperties": 1}
    for name, of in schema["properties"].items():
        described = {"description": of["description"]} if "description" in of else {}
        schema["properties"][name] = described | of["anyOf"][0]


class OneOf(Entry):
    """A mapping with exactly one of its keys."""

    model_config = ConfigDict(json_schema_extra=_one_property)
    advice: ClassVar[str] = "write each in an item of its own"

    @model_validator(mode="after")
    def _has_exactly_one(self) -> Self:
        if len(self.model_fields_set) != 1 or self.value is None:
            names = ", ".join(f"`{name}`" for name in type(self).model_fields)
            raise wrong(f"must have exactly one of {names}; {self.advice}")
        return self

    @property
    def key(self) -> str:
        return next(iter(self.model_fields_set))

    @property
    def value(self) -> Any:
        return getattr(self, self.key)
