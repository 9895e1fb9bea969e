"""What one part of the file says about another: names that lead nowhere, and parts that do not go together.

It reads the plain data, so that it also finds what is wrong in a file that has other mistakes.
"""

import re
from collections.abc import Iterator
from typing import Any

from tocsin.cli.file.address_values import is_private, query_names
from tocsin.cli.file.depending import circles
from tocsin.cli.file.maintenance_crossing import maintenance_faults
from tocsin.cli.file.monitor_crossing import monitor_faults
from tocsin.cli.file.walking import Fault, section, texts, values
from tocsin.cli.file.wording import nearest

REFERENCES = (
    ("schedules.*.layers.*.people.*", "people"),
    ("schedules.*.layers.*.people.*.*", "people"),
    ("escalation_policies.*.steps.*.page.*.person", "people"),
    ("escalation_policies.*.steps.*.page.*.schedule", "schedules"),
    ("escalation_policies.*.fallback.*.person", "people"),
    ("escalation_policies.*.fallback.*.schedule", "schedules"),
    ("services.*.escalation_policy", "escalation_policies"),
    ("monitors.*.service", "services"),
    ("monitors.*.depends_on.*", "monitors"),
    ("status_pages.*.components.*.service", "services"),
    ("maintenance.*.services.*", "services"),
    ("maintenance.*.monitors.*", "monitors"),
)
REQUESTS = ("monitors.*.http", "monitors.*.steps.*.http", "monitors.*.websocket")
"""A URL, or a mapping with `url` and `headers`."""

URLS = (
    *REQUESTS,
    *(f"{request}.url" for request in REQUESTS),
    *(f"{request}.auth.oauth2.token_url" for request in REQUESTS),
    "monitors.*.domain.server",
    "regions.witnesses.*",
)
ADDRESSES = (
    *(f"monitors.*.{kind}" for kind in ("tcp", "tls", "smtp", "imap", "pop3", "ssh", "grpc", "udp")),
    "monitors.*.*.address",
    "monitors.*.dns.server",
    *(f"{request}.resolver" for request in REQUESTS),
)
SECRET_HEADERS = re.compile(r"^(proxy-)?authorization$|^cookie$|api-?key|secret|token|password", re.IGNORECASE)
SECRET_PARAMETERS = {"access_token", "api_key", "apikey", "auth", "password", "secret", "token"}
SAVED = re.compile(r"\{\{[a-z0-9_]+\}\}")
"""What an earlier step saved."""


def faults(data: Any) -> Iterator[Fault]:
    """Each at the path where it is to be mended."""
    yield from _dangling(data)
    yield from _private_targets(data)
    yield from _quorums(data)
    yield from _secrets(data)
    yield from _twins(data)
    yield from circles(data)
    yield from maintenance_faults(data)
    for path, monitor in values(data, "monitors.*"):
        if isinstance(monitor, dict):
            yield from ((path + below, message) for below, message in monitor_faults(monitor))


def _dangling(data: Any) -> Iterator[Fault]:
    for pattern, name in REFERENCES:
        known = section(data, name)
        for path, value in texts(data, pattern):
            if value not in known:
                yield path, f"`{value}` is not in `{name}`; {nearest(value, known)}"


def _private_targets(data: Any) -> Iterator[Fault]:
    if section(data, "regions").get("allow_private_targets") is True:
        return
    for path, place in texts(data, *URLS, *ADDRESSES):
        if is_private(place):
            yield path, "is a private address; use a public one, or set `regions.allow_private_targets: true`"


def _quorums(data: Any) -> Iterator[Fault]:
    probes = section(data, "regions").get("probes")
    for path, quorum in values(data, "monitors.*.quorum"):
        if isinstance(probes, list) and isinstance(quorum, int) and quorum > len(probes):
            yield path, f"asks for {quorum} regions, but checks run from {len(probes)}; use a smaller number or `all`"


def _secrets(data: Any) -> Iterator[Fault]:
    for path, value in texts(data, *(f"{request}.headers.*" for request in REQUESTS)):
        if SECRET_HEADERS.search(str(path[-1])) and not SAVED.search(value):
            yield path, "holds a secret; secrets are never in the file: name the entry that holds it, `{secret: NAME}`"
    for path, url in texts(data, *URLS):
        named = SECRET_PARAMETERS & {name.lower().replace("-", "_") for name in query_names(SAVED.sub("", url))}
        if named:
            yield path, f"carries a secret in `{named.pop()}`; secrets are never in the file"


def _twins(data: Any) -> Iterator[Fault]:
    lists = ("regions.probes", "regions.witnesses", "status_pages.*.components", "monitors.*.depends_on")
    for path, listed in values(data, *lists):
        for number, item in enumerate(listed if isinstance(listed, list) else ()):
            if item in listed[:number]:
                yield (*path, number), "is listed twice; keep one of them"
