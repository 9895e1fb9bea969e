"""Parts of a question to the DNS, and of what is expected of its answers, that do not go together."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from tocsin.cli.file.walking import Fault, section, texts
from tocsin.cli.file.wording import shown

MX_RECORD = r"[0-9]+ (\.|[^\sA-Z]*[^\sA-Z.])"
"""A preference and a host: in lower case, and without its last dot."""
WHOLE = ("", ".*", ".equals.*", ".not.*", ".*.equals")
"""Where below `answers` a record is compared as a whole."""


def dns_faults(monitor: dict[str, Any]) -> Iterator[Fault]:
    """Paths begin below the monitor."""
    yield from _names(monitor)
    if section(monitor, "dns").get("type") == "MX":
        yield from _mail_hosts(monitor)


def _names(monitor: dict[str, Any]) -> Iterator[Fault]:
    for path, name in texts(monitor, "dns", "dns.name"):
        if _is_ip(name) and section(monitor, "dns").get("type") != "PTR":
            yield path, "is an address; write a name, or `type: PTR` for the name of an address"


def _mail_hosts(monitor: dict[str, Any]) -> Iterator[Fault]:
    """A host alone is never all of an answer: the monitor would be down for ever."""
    places = (f"{part}.answers{place}" for part in ("expect", "degraded") for place in WHOLE)
    for path, value in texts(monitor, *places):
        if not re.fullmatch(MX_RECORD, value):
            host = value.split(" ")[-1].rstrip(".").lower()
            yield (
                path,
                f"{shown(value)} is no MX record; write `10 {host}`, or look for a part: `any: {{contains: {host}}}`",
            )


def _is_ip(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False
