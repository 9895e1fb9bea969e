"""Parts of one maintenance window that do not go together."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tocsin.cli.file.time_values import duration_in, every_in, spelled
from tocsin.cli.file.walking import Fault, texts, values
from tocsin.domain.maintenance import Weekday
from tocsin.domain.schedule import Every, Unit

RECURRING = ("every", "days", "at", "lasts", "until")
DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7, Unit.MONTHS: 28}
A_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def maintenance_faults(data: Any) -> Iterator[Fault]:
    names: list[tuple[Any, Any]] = []
    for path, window in values(data, "maintenance.*"):
        if not isinstance(window, dict):
            continue
        yield from ((path + below, message) for below, message in _window(window))
        identity = window.get("name"), window.get("from") if "to" in window else None
        if identity in names:
            yield (*path, "name"), "is the name of another window at the same time; choose another"
        names.append(identity)


def _window(window: dict[str, Any]) -> Iterator[Fault]:
    if not window.get("services") and not window.get("monitors"):
        yield (), "is of nothing; add `services: [...]` or `monitors: [...]`"
    if "every" in window:
        yield from _recurring(window)
    else:
        yield from _once(window)


def _once(window: dict[str, Any]) -> Iterator[Fault]:
    for key in ("from", "to"):
        if key not in window:
            yield (), f"lacks `{key}`; write `from` and `to`, or `every`, `at` and `lasts` for one that comes again"
    for key in window.keys() & set(RECURRING):
        yield (key,), "belongs to a window that comes again; leave it out, or add `every`"
    begins, ends = _time(window.get("from")), _time(window.get("to"))
    if begins and ends and ends <= begins:
        yield ("to",), f"must be after `from` ({window['from']})"


def _recurring(window: dict[str, Any]) -> Iterator[Fault]:
    if "to" in window:
        yield ("to",), "belongs to a window that is once; say how long it `lasts`, or leave `every` out"
    for key in ("at", "lasts"):
        if key not in window:
            yield (), f"lacks `{key}`; one that comes again needs `every`, `at` and `lasts`"
    for key in ("from", "until"):
        if _time(window.get(key)) and not A_DATE.fullmatch(str(window[key])):
            yield (key,), "is a day where a window comes again; leave the time out, `at` says it"
    begins, until = _time(window.get("from")), _time(window.get("until"))
    if begins and until and until < begins:
        yield ("until",), f"must not be before `from` ({window['from']})"
    every = every_in(window["every"])
    if every and every.unit is not Unit.HOURS:
        yield from _rhythm(window, every)


def _rhythm(window: dict[str, Any], every: Every) -> Iterator[Fault]:
    if "days" in window and every.unit is not Unit.WEEKS:
        yield ("days",), "goes with weeks only; leave it out, or count weeks in `every`"
    is_anchored = "from" in window or (every.count == 1 and (every.unit is Unit.DAYS or "days" in window))
    if not is_anchored:
        yield (), "may begin on several days; add `from: …`, the day of the first"
    lasts, shortest = duration_in(window.get("lasts")), _shortest(window, every)
    if lasts and lasts >= shortest:
        yield ("lasts",), f"must be shorter than until it begins again ({spelled(shortest)}); it is {spelled(lasts)}"


def _shortest(window: dict[str, Any], every: Every) -> timedelta:
    """From one beginning to the next."""
    period = every.count * DAYS[every.unit]
    named = {day for _, day in texts(window, "days.*")}
    days = [number for number, day in enumerate(Weekday) if day in named]
    apart = [later - earlier for earlier, later in pairwise([*days, *(days[:1] and [days[0] + period])])]
    return timedelta(days=min(apart, default=period))


def _time(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value).replace(tzinfo=None) if isinstance(value, str) else None
    except ValueError:
        return None
