"""Words in the file: ids, names, addresses, regular expressions, HTTP status codes."""

import re
import warnings
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from tocsin.cli.file.wording import nearest, shown, wrong

LONGEST_URL = 2048
_ID = r"^[a-z0-9][a-z0-9_-]{0,62}$"
_EMAIL = r"^[^@\s\"'<>,;]+@[^@\s\"'<>,;]+\.[^@\s\"'<>,;.]+$"
_PHONE = r"^\+[1-9][0-9]{6,14}$"
_REGION = r"^[a-z]{2}(-[a-z]+){1,3}-[0-9]{1,2}$"
_URL = r"^https?://[^\s/?#@]+([/?#]\S*)?$"
_STATUS = r"^[1-5][0-9][0-9]-[1-5][0-9][0-9]$"


def is_private(url: str) -> bool:
    """Whether the address itself says that it is on this machine or a private network; a name may still lead there."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def query_names(url: str) -> list[str]:
    """The names of the parameters in the URL's query; none of what is no URL."""
    try:
        return [name for name, _ in parse_qsl(urlsplit(url).query)]
    except ValueError:
        return []


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


def _url(value: str) -> str:
    fault = _url_fault(value)
    if fault:
        raise wrong(fault)
    return value


def _url_fault(value: str) -> str | None:
    """Credentials are not repeated: messages end up in logs."""
    try:
        parts = urlsplit(value)
        credentials, host, _ = parts.username is not None, parts.hostname, parts.port
    except ValueError as error:
        return f"{shown(value)} is not a URL ({error}); write it as in `https://acme.example/`"
    if credentials:
        return "carries credentials; secrets are never in the file"
    if not re.match(r"https?://", value):
        return f"{shown(value)} is not an http or https URL; write it as in `https://{value.split('://')[-1]}`"
    if not host or not all(host.rstrip(".").split(".")) or not re.fullmatch(_URL, value):
        return f"{shown(value)} is not a URL; write it as in `https://acme.example/`, without spaces"
    return f"is longer than {LONGEST_URL} characters; shorten it" if len(value) > LONGEST_URL else None


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
HeaderValue = Annotated[
    str, Form(r"^[^\r\n\x00]{0,1024}$", "cannot be sent in a header; keep it on one short line", "text/html")
]
_NAME = "cannot be a name; use 1 to 200 characters on one line"
Name = Annotated[str, Form(r"^ *[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,199}$", _NAME, "Website")]
Url = Annotated[
    str, AfterValidator(_url), WithJsonSchema({"type": "string", "pattern": _URL, "maxLength": LONGEST_URL})
]
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
