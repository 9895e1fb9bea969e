"""Outages, one after the other: a target goes down, and the next one waits for the page."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bench.targets import Targets
from demo.observer import Observer
from tocsin.cli.local import logs
from tocsin.cli.local.inbox import Email
from tocsin.clock import utc_now
from tocsin.domain.incidents import Incident
from tocsin.errors import TocsinError

UP_WITHIN = timedelta(minutes=5)
PAGED_WITHIN = timedelta(minutes=2)
PAUSE = 0.25

Progress = Callable[[str], None]
T = TypeVar("T")


def play(observer: Observer, targets: Targets, progress: Progress) -> dict[str, Incident]:
    """The incident of each target, in their order. Raises TocsinError when an outage is not paged for in time."""
    began = utc_now()
    progress("waiting until every region has found every target up")
    _wait(observer, "all targets are up", partial(_all_up, observer, targets, began), UP_WITHIN)
    incidents = {}
    for number, name in enumerate(targets.names):
        progress(f"outage {number}" if number else "one that starts the functions")
        targets.take_down(name)
        paged = partial(_paged, observer, name, began)
        incidents[name] = _wait(observer, f"the outage of {name} is paged for", paged, PAGED_WITHIN)
    return incidents


def page_of(observer: Observer, incident: Incident) -> Email | None:
    return next((email for email in observer.inbox.everything() if incident.incident_id in email.text), None)


def _all_up(observer: Observer, targets: Targets, since: datetime) -> bool:
    return all(observer.is_up(name, since) for name in targets.names)


def _paged(observer: Observer, name: str, since: datetime) -> Incident | None:
    """The incident, once its e-mail is there."""
    incident = observer.newest_incident(name, since)
    return incident if incident and page_of(observer, incident) else None


def _wait(observer: Observer, what: str, seen: Callable[[], T | None], within: timedelta) -> T:
    began = utc_now()
    while not (found := seen()):
        if utc_now() - began > within:
            told = "".join(f"; {error}" for error in logs.errors(observer.emulator, began, limit=3))
            raise TocsinError(f"{what}: not within {within.total_seconds():g} s{told}")
        time.sleep(PAUSE)
    return found
