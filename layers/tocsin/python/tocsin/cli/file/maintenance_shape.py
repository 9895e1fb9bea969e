"""What may stand in the list under `maintenance`."""

from datetime import date, time
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from tocsin.cli.file.entry import Entry, unsaid
from tocsin.cli.file.text_values import Choice, Form, Id, Name
from tocsin.cli.file.time_values import LONGEST_ROTATION, Duration, Lasting, WallClock, Zone, every_in
from tocsin.cli.file.wording import shown, wrong
from tocsin.domain.maintenance import MaintenanceWindow, Once, Recurring, Weekday
from tocsin.domain.schedule import Every, Unit

SOME_MONDAY = date(2001, 1, 1)
"""Whatever begins each day, or each week on its days, may be counted from any."""
Clock = Annotated[
    str, Form(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "is not a time of day; write it as in `02:00`", "02:00")
]
Day = Annotated[str, Choice(tuple(Weekday))]


def _often(value: Any) -> Every:
    every = every_in(value)
    if every is None or every.unit is Unit.HOURS or every.count > LONGEST_ROTATION[every.unit]:
        raise wrong(f"{shown(value)} is not how often a window can begin; write `1 day`, `2 weeks` or `1 month`")
    return every


Often = Annotated[
    Every,
    BeforeValidator(_often),
    WithJsonSchema({"type": "string", "pattern": "^([0-9]{1,6}) ?(d|days?|w|weeks?|months?)$", "examples": ["1 week"]}),
]


def _once_or_again(schema: dict[str, Any]) -> None:
    recurring = dict.fromkeys(("every", "days", "at", "lasts", "until"), False)
    schema["oneOf"] = [
        {"required": ["from", "to"], "properties": recurring},
        {"required": ["every", "at", "lasts"], "properties": {"to": False}},
    ]
    schema["anyOf"] = [{"required": ["services"]}, {"required": ["monitors"]}]


class MaintenanceEntry(Entry):
    """Once, `from` one time on the wall clock `to` another; or again and again, `every` so often `at` a time of day."""

    model_config = ConfigDict(json_schema_extra=_once_or_again)

    name: Name
    """Readers of the status page see it."""
    services: Annotated[list[Id], Field(max_length=200)] = Field(default_factory=list)
    """With all their monitors."""
    monitors: Annotated[list[Id], Field(max_length=200)] = Field(default_factory=list)
    """These besides."""
    time_zone: Zone | None = None
    """The organization's when left out."""
    begins: WallClock = unsaid(alias="from")
    """The beginning; of a recurring one the day of the first, and so the day of the month of the others."""
    to: WallClock = unsaid()
    every: Often = unsaid()
    """Days, weeks or months."""
    days: Annotated[list[Day], Field(min_length=1, max_length=7)] = unsaid()
    """Of the week, where `every` counts weeks."""
    at: Clock = unsaid()
    lasts: Annotated[Duration, Lasting("1m", "31 days")] = unsaid()
    """By the wall clock: 24 hours are a day."""
    until: WallClock = unsaid()
    """The day on which a recurring one may begin for the last time."""

    def window(self, default_zone: str) -> MaintenanceWindow:
        once = self.to is not None
        return MaintenanceWindow(
            window_id=f"{self.name} {self.begins:%Y-%m-%dT%H:%M}" if once else self.name,
            name=self.name,
            services=tuple(self.services),
            monitors=tuple(self.monitors),
            time_zone=self.time_zone or default_zone,
            when=Once(start=self.begins, end=self.to) if once else self._recurring(),
        )

    def _recurring(self) -> Recurring:
        return Recurring(
            every=self.every,
            days=tuple(day for day in Weekday if day in (self.days or ())),
            at=time.fromisoformat(self.at),
            lasts=self.lasts,
            first=self.begins.date() if self.begins else SOME_MONDAY,
            until=self.until.date() if self.until else None,
        )
