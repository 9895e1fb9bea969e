"""`tocsin oncall`."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from tocsin.cli.failing import failures_told
from tocsin.cli.file.reading import read_file
from tocsin.cli.file.wording import nearest
from tocsin.cli.options import as_json_option, file_argument
from tocsin.clock import utc_now
from tocsin.domain.directory import Directory
from tocsin.domain.on_call import shifts, who_is_on_call
from tocsin.domain.schedule import Schedule, Shift
from tocsin.domain.wall_clock import instant_of
from tocsin.errors import NotFoundError, RefusedError

YEARS = range(1970, 2101)


@click.command()
@file_argument
@click.argument("schedule")
@click.option(
    "--at", help="An instant, as 2026-01-05T09:00 in the schedule's zone or with an offset. Now when left out."
)
@click.option("--from", "start", help="The beginning of a range of shifts.")
@click.option("--until", "end", help="The end of the range.")
@as_json_option
@failures_told
def oncall(file: str, schedule: str, at: str | None, start: str | None, end: str | None, as_json: bool) -> None:
    """Say who is on call in SCHEDULE of FILE: at an instant, or over a range."""
    if (start is None) != (end is None) or (at and start):
        raise click.UsageError("give either --at, or both --from and --until")
    found = _schedule(read_file(file), schedule)
    if start and end:
        _tell_shifts(found, _instant(start, found), _instant(end, found), as_json)
    else:
        _tell_people(found, _instant(at, found) if at else utc_now(), as_json)


def _schedule(directory: Directory, schedule_id: str) -> Schedule:
    if schedule_id not in directory.schedules:
        raise NotFoundError(f"the file has no schedule {schedule_id!r}; {nearest(schedule_id, directory.schedules)}")
    return directory.schedules[schedule_id]


def _instant(text: str, schedule: Schedule) -> datetime:
    """A wall clock that shows the same time twice means the first."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RefusedError(
            f"{text!r} is not a time; write it as in 2026-01-05T09:00 or 2026-01-05T09:00+01:00"
        ) from None
    if moment.year not in YEARS:
        raise RefusedError(f"{text!r} is too far away; use a year from {YEARS[0]} to {YEARS[-1]}")
    return moment if moment.tzinfo else instant_of(moment, ZoneInfo(schedule.time_zone))


def _tell_people(schedule: Schedule, at: datetime, as_json: bool) -> None:
    people = who_is_on_call(schedule, at)
    if as_json:
        click.echo(json.dumps({"schedule": schedule.schedule_id, "on_call": people}))
    else:
        click.echo(", ".join(people) or "nobody")


def _tell_shifts(schedule: Schedule, start: datetime, end: datetime, as_json: bool) -> None:
    if end <= start:
        raise RefusedError("--until must be after --from")
    found = shifts(schedule, start, end)
    if as_json:
        listed = [
            {"start": shift.start.isoformat(), "end": shift.end.isoformat(), "people": shift.people} for shift in found
        ]
        click.echo(json.dumps({"schedule": schedule.schedule_id, "shifts": listed}))
    else:
        Console().print(_table(found))


def _table(found: list[Shift]) -> Table:
    table = Table("from", "until", "on call", box=None, pad_edge=False)
    for shift in found:
        table.add_row(
            f"{shift.start:%a %Y-%m-%d %H:%M %Z}", f"{shift.end:%a %Y-%m-%d %H:%M %Z}", ", ".join(shift.people)
        )
    return table
