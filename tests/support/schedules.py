"""Schedules for tests."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tocsin.domain.schedule import Every, Layer, Rotation, Schedule, Shift, Unit

wall = datetime.fromisoformat
PRAGUE = "Europe/Prague"
PEOPLE = (("alice",), ("bob",), ("carol", "dave"))


def schedule(*layers: Layer, time_zone: str = PRAGUE) -> Schedule:
    return Schedule(schedule_id="primary", time_zone=time_zone, layers=layers)


def layer(length: int, unit: Unit, start: datetime, people: tuple[tuple[str, ...], ...] = PEOPLE) -> Layer:
    return Layer(rotation=Rotation(every=Every(count=length, unit=unit), start=start), people=people)


def at(text: str, zone: str = PRAGUE) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def covering(found: list[Shift], instant: datetime) -> list[tuple[str, ...]]:
    """The people of every shift that covers the instant: exactly one, if the shifts leave no gap and don't overlap."""
    return [shift.people for shift in found if shift.start.astimezone(UTC) <= instant < shift.end.astimezone(UTC)]
