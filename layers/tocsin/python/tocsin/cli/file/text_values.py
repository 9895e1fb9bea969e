"""Words in the file: ids, names, regular expressions, HTTP status codes."""

import re
import warnings
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from tocsin.cli.file.wording import nearest, shown, wrong

_ID = r"^[a-z0-9][a-z0-9_-]{0,62}$"
_EMAIL = r"^[^@\s\"'<>,;]+@[^@\s\"'<>,;]+\.[^@\s\"'<>,;.]+$"
_PHONE = r"^\+[1-9][0-9]{6,14}$"
_REGION = r"^[a-z]{2}(-[a-z]+){1,3}-[0-9]{1,2}$"
HTTP_VERSIONS = ("1.1", "2")
_STATUS = r"^[1-5][0-9][0-9]-[1-5][0-9][0-9]$"


@dataclass(frozen=True)
class Form:
    """An annotation for text of a certain form. `message` says what is wrong and what to do."""

    pattern: str
    message: str
    example: str

    def check(self, value: str) -> str:
        if not re.fullmatch(self.pattern, value):
            raise wrong(f"{shown(value)} {self.message}")
        return value

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": self.pattern, "examples": [self.example]}


@dataclass(frozen=True)
class Choice:
    """An annotation for text that is one of a few words."""

    words: tuple[str, ...]

    def check(self, value: str) -> str:
        if value not in self.words:
            raise wrong(f"{shown(value)} is not known; {nearest(value, self.words)}")
        return value

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"enum": list(self.words)}


def _regular_expression(value: str) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise wrong(
            f"{shown(value)} is not a regular expression: {error}; escape what is meant literally with `\\`"
        ) from None
    return value


def _jmes_path(value: str) -> str:
    import jmespath

    try:
        jmespath.compile(value)
    except jmespath.exceptions.JMESPathError as error:
        place = getattr(error, "lex_position", None)
        where = "" if place is None else f" from position {place} on"
        plain = value.removeprefix("$").removeprefix(".")
        advice = 'put odd names in quotes, as in `"a-b".c`' if plain == value else f"leave out the `$`: `{plain}`"
        raise wrong(f"{shown(value)} is not a JMESPath{where}; {advice}") from None
    return value


def _http_version(value: Any) -> str:
    version = str(value)
    if isinstance(value, bool) or version not in HTTP_VERSIONS:
        raise wrong(f"{shown(value)} is not a version of HTTP that can be asked for; choose from `1.1`, `2`")
    return version


def _status(value: Any) -> tuple[int, int]:
    written = f"{value}-{value}" if isinstance(value, int) else value
    if isinstance(value, bool) or not isinstance(written, str) or not re.fullmatch(_STATUS, written):
        raise wrong(f"{shown(value)} is not an HTTP status; write `200` or `200-299`")
    first, last = (int(code) for code in written.split("-"))
    if last < first:
        raise wrong(f"{shown(value)} ends before it begins; write `{last}-{first}`")
    return first, last


Id = Annotated[str, Form(_ID, "cannot be an id; use up to 63 lower-case letters, digits, `-` and `_`", "web-shop")]
Email = Annotated[
    str, Form(_EMAIL, "is not an e-mail address; write it as in `alice@acme.example`", "alice@acme.example")
]
Phone = Annotated[
    str, Form(_PHONE, "is not a phone number; write it with its country, as in `+420601123456`", "+420601123456")
]
Region = Annotated[str, Form(_REGION, "is not the name of an AWS region; write it as in `eu-west-1`", "eu-west-1")]
HeaderName = Annotated[str, Form(r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", "cannot be the name of a header", "Accept")]
VariableName = Annotated[
    str, Form(r"^[a-z][a-z0-9_]{0,40}$", "cannot be a name here; use lower-case letters, digits and `_`", "token")
]
_NAME = "cannot be a name; use 1 to 200 characters on one line"
Name = Annotated[str, Form(r"^ *[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,199}$", _NAME, "Website")]
RegularExpression = Annotated[
    str, AfterValidator(_regular_expression), WithJsonSchema({"type": "string", "format": "regex"})
]
Status = Annotated[
    tuple[int, int],
    BeforeValidator(_status),
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 100, "maximum": 599}, {"type": "string", "pattern": _STATUS}]}
    ),
]
JmesPath = Annotated[str, Field(max_length=1000), AfterValidator(_jmes_path)]
HttpVersion = Annotated[
    Literal["1.1", "2"], BeforeValidator(_http_version), WithJsonSchema({"enum": [*HTTP_VERSIONS, 1.1, 2]})
]
