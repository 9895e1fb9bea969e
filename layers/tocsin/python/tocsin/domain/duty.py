"""Who is on call before and after a change of the directory."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.domain.directory import Directory
from tocsin.domain.on_call import who_is_on_call
from tocsin.domain.schedule import Schedule


@dataclass(frozen=True)
class Duty:
    """One schedule. None: there is no such schedule; empty: it has nobody on call."""

    schedule_id: str
    before: tuple[str, ...] | None
    after: tuple[str, ...] | None


def duties(before: Directory | None, after: Directory, at: datetime) -> tuple[Duty, ...]:
    """Of every schedule in either, in the order of the new file."""
    old, new = before.schedules if before else {}, after.schedules
    return tuple(Duty(key, _on_call(old.get(key), at), _on_call(new.get(key), at)) for key in new | old)


def _on_call(schedule: Schedule | None, at: datetime) -> tuple[str, ...] | None:
    return None if schedule is None else who_is_on_call(schedule, at)
