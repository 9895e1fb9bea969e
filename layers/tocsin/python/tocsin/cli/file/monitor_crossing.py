"""Parts of one monitor that do not go together."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tocsin.cli.file.dns_crossing import dns_faults
from tocsin.cli.file.monitor_shape import KINDS, default_every, default_timeout
from tocsin.cli.file.time_values import duration_in, spelled
from tocsin.cli.file.walking import Fault, section, texts, values
from tocsin.cli.file.wording import meant_by, nearest

FINDS = {
    "http": {"status", "body", "json", "headers", "latency", "certificate", "http_version"},
    "tcp": {"response", "latency", "certificate"},
    "tls": {"certificate", "latency"},
    "dns": {"answers", "rcode", "latency"},
    **{kind: {"response", "latency", "certificate"} for kind in ("smtp", "imap", "pop3")},
    "ssh": {"response", "latency"},
    "websocket": {"response", "latency", "certificate"},
    "grpc": {"response", "latency", "certificate"},
    "udp": {"response", "latency"},
    "domain": {"registration", "latency"},
    "steps": {"latency"},
    "heartbeat": set[str](),
}
"""What each kind of check finds, and so what may be expected of it."""

IMPOSSIBLE = {"icmp", "ping"}
REGISTRY_PATIENCE = timedelta(hours=1)
ZERO = timedelta(0)
USED = re.compile(r"\{\{([^{}]*)\}\}")


def monitor_faults(monitor: dict[str, Any]) -> Iterator[Fault]:
    """Paths begin below the monitor."""
    kinds = [kind for kind in KINDS if kind in monitor]
    yield from _kinds(kinds, monitor)
    if kinds == ["heartbeat"]:
        yield from _heartbeat(monitor)
    elif len(kinds) == 1:
        yield from _findings(kinds[0], monitor)
        yield from _times(kinds[0], monitor)
        yield from _unencrypted(kinds[0], monitor)
    yield from _directions(monitor)
    yield from _requests(monitor)
    yield from dns_faults(monitor)
    yield from _dialogue(monitor)
    yield from _steps(monitor)
    yield from _spans(monitor)
    yield from _flapping(monitor)


def _kinds(kinds: list[str], monitor: dict[str, Any]) -> Iterator[Fault]:
    meant = any(str(key) in IMPOSSIBLE or meant_by(str(key), KINDS) for key in monitor)
    if not kinds and not meant:
        yield (), f"checks nothing; add one of {', '.join(f'`{kind}`' for kind in KINDS)}"
    for kind in kinds[1:]:
        yield (kind,), f"is a second check beside `{kinds[0]}`; write a monitor of its own for it"


def _heartbeat(monitor: dict[str, Any]) -> Iterator[Fault]:
    for key in ("every", "timeout", "confirm", "quorum", "expect", "degraded"):
        if key in monitor:
            below = "; `heartbeat.every` says how often" if key == "every" else ""
            yield (key,), f"means nothing to a heartbeat, which is called and not checked; leave it out{below}"
    heartbeat = monitor["heartbeat"]
    if isinstance(heartbeat, dict) and ("every" in heartbeat) == ("cron" in heartbeat):
        yield ("heartbeat",), 'must have exactly one of `every`, `cron`; write `every: 1 day` or `cron: "0 2 * * *"`'


def _findings(kind: str, monitor: dict[str, Any]) -> Iterator[Fault]:
    finds = FINDS[kind]
    for path, _ in values(monitor, "expect.*", "degraded.*"):
        others = [f"`{other}`" for other, found in FINDS.items() if path[-1] in found and other in KINDS]
        if others and path[-1] not in finds:
            listed = ", ".join(f"`{name}`" for name in sorted(finds))
            yield path, f"is found by {', '.join(others)} only; of `{kind}` expect {listed or 'nothing'}"


def _times(kind: str, monitor: dict[str, Any]) -> Iterator[Fault]:
    every = duration_in(monitor.get("every")) or default_every(kind)
    timeout = duration_in(monitor.get("timeout")) or default_timeout(every)
    if kind == "domain" and every < REGISTRY_PATIENCE:
        yield ("every",), f"is too often for a registry; the least is {spelled(REGISTRY_PATIENCE)} for `domain`"
    if timeout >= every:
        yield ("timeout",), f"must be shorter than `every` ({spelled(every)}); it is {spelled(timeout)}"
    never = "expect.latency.below", "expect.latency.at_most", "degraded.latency.above", "degraded.latency.at_least"
    for path, value in values(monitor, *never):
        if (duration_in(value) or ZERO) >= timeout:
            yield path, f"never decides; make it shorter than the timeout ({spelled(timeout)})"


def _directions(monitor: dict[str, Any]) -> Iterator[Fault]:
    """What is fast would be down, or degraded, for ever."""
    for part, wrong, right in (("expect", ("above", "at_least"), "below"), ("degraded", ("below", "at_most"), "above")):
        operators = list(section(section(monitor, part), "latency"))
        if len(operators) == 1 and operators[0] in wrong:
            yield (part, "latency", operators[0]), f"would have it that fast answers are not well; write `{right}`"


def _unencrypted(kind: str, monitor: dict[str, Any]) -> Iterator[Fault]:
    for path, _ in values(monitor, "expect.certificate", "degraded.certificate"):
        if advice := _how_to_encrypt(kind, monitor[kind]):
            yield path, f"cannot be found on a connection without TLS; {advice}"


def _how_to_encrypt(kind: str, check: Any) -> str:
    """Empty when it is encrypted."""
    settings = check if isinstance(check, dict) else {}
    if kind in ("tcp", "grpc"):
        turns = settings.get("dialogue")
        starts = isinstance(turns, list) and any(isinstance(turn, dict) and turn.get("starttls") for turn in turns)
        return "" if settings.get("tls") is True or starts else f"set `{kind}.tls: true`"
    if kind == "websocket":
        return "use a `wss://` URL" if str(settings.get("url", check)).startswith("ws://") else ""
    if kind in ("smtp", "imap", "pop3"):
        address = str(settings.get("address", check))
        secured = settings.get("security") in ("tls", "starttls") or re.search(r":(465|993|995)$", address)
        return "" if secured else f"set `{kind}.security: starttls` or `tls`"
    return ""


def _requests(monitor: dict[str, Any]) -> Iterator[Fault]:
    for above, part in [((), monitor), *values(monitor, "steps.*")]:
        if tuple(method for _, method in values(part, "http.method")) == ("HEAD",):
            for path, _ in values(part, "expect.body", "expect.json"):
                yield (*above, *path), "cannot hold, since HEAD is answered without a body; use GET"


def _dialogue(monitor: dict[str, Any]) -> Iterator[Fault]:
    if section(monitor, "tcp").get("tls") is True:
        for path, _ in values(monitor, "tcp.dialogue.*.starttls"):
            yield path, "comes too late, since `tls: true` encrypts from the beginning; leave one of them out"


def _steps(monitor: dict[str, Any]) -> Iterator[Fault]:
    saved: dict[str, Any] = {}
    names: set[str] = set()
    for (*_, number), step in values(monitor, "steps.*"):
        if isinstance(step, dict):
            for path, message in _step(step, saved, names):
                yield ("steps", number, *path), message
            saved |= section(step, "save")
            names.add(str(step.get("name")))


def _step(step: dict[str, Any], saved: dict[str, Any], names: set[str]) -> Iterator[Fault]:
    yield from _findings("http", step)
    for path, text in texts(step, "http", "http.url", "http.body", "http.headers.*"):
        for name in USED.findall(text):
            if name not in saved:
                yield path, f"`{{{{{name}}}}}` is saved by no earlier step; {nearest(name, saved)}"
    if str(step.get("name")) in names:
        yield ("name",), "is the name of an earlier step, too; choose another"


def _spans(monitor: dict[str, Any]) -> Iterator[Fault]:
    """A bare duration says how long is long enough: the opposite of what is degraded."""
    for path, value in texts(monitor, "degraded.certificate.*", "degraded.registration.*"):
        if path[-1] in ("valid_for", "all_valid_for"):
            yield path, f"says when all is well; say when it is not: `{{below: {value}}}`"


def _flapping(monitor: dict[str, Any]) -> Iterator[Fault]:
    for path, flapping in values(monitor, "confirm.flapping"):
        counts = flapping if isinstance(flapping, dict) else {}
        failures, of = counts.get("failures", 5), counts.get("of", 10)
        if isinstance(failures, int) and isinstance(of, int) and failures > of:
            yield (*path, "failures"), f"must be at most `of` ({of}); it is {failures}"
