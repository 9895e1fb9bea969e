"""Times in the file: durations, rotations, wall-clock times and zones."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, WithJsonSchema
from pydantic_core.core_schema import CoreSchema, no_info_after_validator_function

from tocsin.cli.file.wording import nearest, shown, wrong
from tocsin.domain.schedule import Every, Unit

YEARS = range(1970, 2101)
LONGEST_ROTATION = {Unit.HOURS: 8784, Unit.DAYS: 366, Unit.WEEKS: 53, Unit.MONTHS: 12}

_DURATIONS = {
    r"ms|milliseconds?": timedelta(milliseconds=1),
    r"s|seconds?": timedelta(seconds=1),
    r"m|minutes?": timedelta(minutes=1),
    r"h|hours?": timedelta(hours=1),
    r"d|days?": timedelta(days=1),
    r"w|weeks?": timedelta(weeks=1),
}
_ROTATIONS = {r"h|hours?": Unit.HOURS, r"d|days?": Unit.DAYS, r"w|weeks?": Unit.WEEKS, r"months?": Unit.MONTHS}
_WALL_CLOCK = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$"


@dataclass(frozen=True)
class Lasting:
    """An annotation for durations from `least` to `most`, written as in the file."""

    least: str
    most: str

    def check(self, duration: timedelta) -> timedelta:
        if not _duration(self.least) <= duration <= _duration(self.most):
            raise wrong(f"must last from {self.least} to {self.most}; it is {spelled(duration)}")
        return duration

    def __get_pydantic_core_schema__(self, source: type, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self.check, handler(source))


def duration_in(value: Any) -> timedelta | None:
    """What a part of the file says, if it is a duration."""
    found = _matched(value, _DURATIONS)
    return None if found is None else found[0] * found[1]


def every_in(value: Any) -> Every | None:
    """What a part of the file says, if it is a number of hours, days, weeks or months, at least one."""
    found = _matched(value, _ROTATIONS)
    return Every(count=found[0], unit=found[1]) if found and found[0] else None


def spelled(duration: timedelta) -> str:
    """As the file would write it: `90s`, `5m`, `1h`, `1 day`."""
    for step, unit in ((86400, " day"), (3600, "h"), (60, "m"), (1, "s")):
        if duration and duration % timedelta(seconds=step) == timedelta(0):
            count = duration // timedelta(seconds=step)
            return f"{count}{unit}{'s' if step == 86400 and count > 1 else ''}"
    return f"{duration // timedelta(milliseconds=1)}ms" if duration else "0s"


def _pattern(units: dict[str, Any]) -> str:
    return rf"^([0-9]{{1,6}}) ?({'|'.join(units)})$"


def _matched(value: Any, units: dict[str, Any]) -> tuple[int, Any] | None:
    match = re.fullmatch(_pattern(units), value) if isinstance(value, str) else None
    if match is None:
        return None
    return int(match[1]), next(unit for pattern, unit in units.items() if re.fullmatch(pattern, match[2]))


def _duration(value: Any) -> timedelta:
    duration = duration_in(value)
    if duration is None:
        hint = f" (`{value}s`?)" if isinstance(value, int) and not isinstance(value, bool) else ""
        raise wrong(
            f"{shown(value)} is not a duration; write a whole number and its unit{hint}: `500ms`, `10s`, `5m`, `1 day`"
        )
    return duration


def _every(value: Any) -> Every:
    found = _matched(value, _ROTATIONS)
    if found is None:
        raise wrong(f"{shown(value)} is not a rotation; write `12 hours`, `1 day`, `2 weeks` or `1 month`")
    count, unit = found
    if not 1 <= count <= LONGEST_ROTATION[unit]:
        raise wrong(f"{shown(value)} is too {'long' if count else 'short'}; a turn lasts from 1 hour to about a year")
    return Every(count=count, unit=unit)


def _wall_clock(value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise wrong(f"{shown(value)} is not a time; write it as on the wall clock: `2026-01-05T09:00`")
    if found.tzinfo is not None:
        raise wrong(f"{shown(value)} has an offset; leave it out: it is the wall clock of its `time_zone`")
    if not re.fullmatch(_WALL_CLOCK, value):
        raise wrong(f"{shown(value)} is not written plainly; write it as on the wall clock: `2026-01-05T09:00`")
    return found


@cache
def zones() -> frozenset[str]:
    """By their places. Abbreviations are left out: `EST` has no summer."""
    return frozenset({"UTC", *(zone for zone in available_timezones() if "/" in zone)})


def _zone(value: str) -> str:
    if value not in zones():
        hint = nearest(value, sorted(zones())) if "/" in value else ""
        advice = hint if hint.startswith("did") else "write its IANA name, as in `Europe/Prague` or `Etc/UTC`"
        raise wrong(f"{shown(value)} is no time zone; {advice}")
    return value


def _text(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": [example]})


Duration = Annotated[timedelta, BeforeValidator(_duration), _text(_pattern(_DURATIONS), "5m")]
RotationLength = Annotated[Every, BeforeValidator(_every), _text(_pattern(_ROTATIONS), "1 week")]
WallClock = Annotated[datetime, BeforeValidator(_wall_clock), _text(_WALL_CLOCK, "2026-01-05T09:00")]
Zone = Annotated[str, AfterValidator(_zone), _text(r"^[A-Za-z0-9_+/-]+$", "Europe/Prague")]
