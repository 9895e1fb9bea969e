"""What may be secret: the file names it, and never holds it. No message repeats what stands there instead."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainValidator

from tocsin.cli.file.entry import Entry
from tocsin.cli.file.text_values import Form
from tocsin.cli.file.wording import wrong
from tocsin.domain.check_kinds import SecretRef

_NAME = r"^[A-Za-z0-9_+=.@/-]{1,200}$"
_FORM = Form(_NAME, "cannot be the name of a secret; use letters, digits and `/_+=.@-`", "shop-password")
SecretName = Annotated[str, _FORM]


class SecretEntry(Entry):
    secret: SecretName
    """The name of an entry in the home region's Secrets Manager, below `tocsin/`."""

    def reference(self) -> SecretRef:
        return SecretRef(secret=self.secret)


def _named(value: Any) -> Any:
    if not isinstance(value, dict):
        raise wrong("secrets are never in the file; name the entry that holds it: `{secret: shop-password}`")
    return value


Secret = Annotated[SecretEntry, BeforeValidator(_named)]

_HEADER = r"^[^\r\n\x00]{0,1024}$"


def _header(value: Any) -> str | SecretRef:
    """The value itself is not shown: it may be a secret in the wrong place."""
    if isinstance(value, str):
        if not re.fullmatch(_HEADER, value):
            raise wrong("cannot be sent in a header; keep it on one short line")
        return value
    if isinstance(value, dict) and value.keys() == {"secret"}:
        return SecretRef(secret=_FORM.check(str(value["secret"])))
    kind = "a mapping" if isinstance(value, dict) else "this"
    raise wrong(f"{kind} cannot be sent in a header; write text (a number in quotes) or `{{secret: shop-token}}`")


HeaderValue = Annotated[
    str | SecretRef,
    PlainValidator(_header, json_schema_input_type=Annotated[str, Field(pattern=_HEADER)] | SecretEntry),
]
