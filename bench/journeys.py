"""The way of a page: when it passed each stop, from the check that confirmed the outage to the e-mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from bench.log_lines import Line
from tocsin.domain.events import IncidentTriggered, ObservationChanged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.notification import Notification


class Hop(NamedTuple):
    """`through` is what lies between the stop before and this one."""

    stop: str
    through: str


HOPS = (
    Hop("judged down", "run_checks saves, relay_events, judge_monitor"),
    Hop("incident opened", "relay_events, update_incident"),
    Hop("escalation started", "relay_events, start_escalation"),
    Hop("step decided", "Step Functions, advance_escalation"),
    Hop("page requested", "page_responders"),
    Hop("taken up", "relay_events, until send_notification claims it"),
    Hop("with SES", "send_notification"),
)


@dataclass(frozen=True)
class Journey:
    """`passed` are the stops of HOPS. Every instant is read from what is stored: records, logs, the mailbox."""

    confirmed_at: datetime
    passed: tuple[datetime, ...]

    @property
    def hops(self) -> tuple[timedelta, ...]:
        return tuple(after - before for before, after in pairwise((self.confirmed_at, *self.passed)))

    @property
    def total(self) -> timedelta:
        return self.passed[-1] - self.confirmed_at


def confirmed_at(observations: Iterable[ObservationChanged], monitor_id: str, needed: int) -> datetime:
    """The end of the check by which as many regions as are needed had found it down."""
    of_monitor = (change for change in observations if change.monitor_id == monitor_id)
    return sorted(change.occurred_at for change in of_monitor if change.state is MonitorState.DOWN)[needed - 1]


def journey(
    confirmed: datetime, monitor_id: str, page: Notification, log: Sequence[Line], received_at: datetime
) -> Journey:
    """`log` is in the order of its time."""
    passed = (
        _first(log, "judged", monitor_id=monitor_id, state="down"),
        _first(log, "updated", incident_id=page.incident_id, events=[IncidentTriggered.__name__]),
        _first(log, "started", incident_id=page.incident_id),
        _first(log, "decided", incident_id=page.incident_id),
        _first(log, "paging", incident_id=page.incident_id),
        page.claimed_at or received_at,
        received_at,
    )
    return Journey(confirmed, passed)


def _first(log: Iterable[Line], message: str, **said: object) -> datetime:
    return next(line.at for line in log if line.message == message and said.items() <= line.said.items())
