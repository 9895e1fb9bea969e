"""The scripted outage: every step is seen from outside, and has its time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.observer import Execution, Observer
from demo.shop import Shop
from demo.story import Story
from tocsin.cli.local import browse
from tocsin.cli.local.inbox import Email
from tocsin.clock import utc_now
from tocsin.domain.checks import Monitor
from tocsin.domain.incidents import Incident, IncidentStatus
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.on_call import who_is_on_call
from tocsin.domain.people import Person
from tocsin.domain.policy import Step

NEXT_ROUND = timedelta(seconds=60)
"""Checks are started once a minute; shorter intervals run inside that minute."""

SLACK = timedelta(seconds=45)
"""For functions that start for the first time on a busy machine."""


@dataclass(frozen=True)
class Outcome:
    """What is left of the outage, to be looked at."""

    incident: Incident
    execution: Execution
    postmortem: str


class Outage:
    def __init__(self, observer: Observer, story: Story, shop: Shop, monitor: Monitor) -> None:
        self._observer, self._story, self._shop, self._monitor = observer, story, shop, monitor
        self._service = observer.directory.service(monitor.service_id)
        policy = observer.directory.escalation_policy(self._service.escalation_policy)
        self._first, self._second = policy.steps[0], policy.steps[1]

    def play(self) -> Outcome:
        """Raises NotInTimeError at the first step that does not happen in its time."""
        self._open_the_shop()
        began = self._take_the_shop_down()
        incident = self._watch_it_become_an_incident(began)
        self._page_the_first(incident, began)
        email = self._page_the_second(began)
        execution = self._acknowledge(email, incident)
        resolved = self._bring_the_shop_back(incident)
        postmortem = self._read_the_aftermath(resolved)
        return Outcome(resolved, execution, postmortem)

    def _open_the_shop(self) -> None:
        opened = utc_now()
        self._story.tell(f"The shop is open at {self._shop.url}")
        self._story.wait_for(
            "every region finds the shop up",
            lambda: self._observer.is_up(self._monitor.monitor_id, opened),
            within=NEXT_ROUND + self._confirmation(self._monitor.confirm.recoveries) + SLACK,
            look="run_checks, judge_monitor",
        )
        self._story.tell(f"{self._monitor.monitor_id} is up, say all regions", style="green")

    def _take_the_shop_down(self) -> datetime:
        self._shop.close()
        began = self._story.outage_begins()
        self._story.tell("The shop goes down: nobody listens on its port any more", style="bold red")
        return began

    def _watch_it_become_an_incident(self, began: datetime) -> Incident:
        status = self._story.wait_for(
            "the monitor is confirmed down",
            self._down,
            within=NEXT_ROUND + self._confirmation(self._monitor.confirm.failures) + SLACK,
            look="run_checks, judge_monitor",
        )
        self._story.tell(f"Down, says {', '.join(status.regions_down)}: {status.message}", style="red")
        incident = self._story.wait_for(
            "an incident is opened",
            lambda: self._observer.newest_incident(self._service.service_id, began),
            within=SLACK,
            look="relay_events, update_incident",
        )
        self._story.tell(f"Incident {incident.incident_id}: {incident.title} ({incident.severity})")
        return incident

    def _page_the_first(self, incident: Incident, began: datetime) -> None:
        person = self._on_call(self._first)
        email = self._email(person, began, SLACK)
        self._story.tell(f"{person.name} is paged by e-mail: “{email.subject}”", at=email.received_at)
        self._status_says(incident, "investigating")
        self._story.tell("The status page says: investigating")

    def _page_the_second(self, began: datetime) -> Email:
        person = self._on_call(self._second)
        email = self._email(person, began, self._first.wait + SLACK)
        waited = f"{self._first.wait.total_seconds():g} s"
        self._story.tell(f"No answer within {waited}: {person.name} is paged", at=email.received_at)
        return email

    def _acknowledge(self, email: Email, incident: Incident) -> Execution:
        person, link = self._on_call(self._second), email.acknowledge_link
        if link is None:
            raise AssertionError(f"the e-mail has no link to acknowledge:\n{email.text}")
        shown = browse.get(link)
        self._story.tell(f"{person.name} opens the link: HTTP {shown.status}, still {self._status(incident)}")
        pressed = browse.post(link)
        self._story.tell(f"{person.name} presses the button: HTTP {pressed.status}")
        self._becomes(incident, IncidentStatus.ACKNOWLEDGED, SLACK, "acknowledge_incident")
        self._story.tell(f"Acknowledged by {person.name}", style="yellow")
        execution = self._story.wait_for(
            "the escalation ends", lambda: self._ended(incident), within=SLACK, look="relay_events, end_escalation"
        )
        self._story.tell(f"The escalation stops waiting ({execution.status.lower()}): nobody else is paged")
        return execution

    def _bring_the_shop_back(self, incident: Incident) -> Incident:
        self._shop.open()
        self._story.tell("The shop opens again")
        limit = NEXT_ROUND + self._confirmation(self._monitor.confirm.recoveries) + SLACK
        resolved = self._becomes(incident, IncidentStatus.RESOLVED, limit, "run_checks, judge_monitor, update_incident")
        self._story.tell("Resolved: every alert has cleared", style="bold green")
        return resolved

    def _read_the_aftermath(self, incident: Incident) -> str:
        self._status_says(incident, "resolved")
        self._story.tell("The status page says: resolved")
        where, text = self._story.wait_for(
            "a postmortem is drafted",
            lambda: self._observer.postmortem(incident.incident_id),
            within=SLACK,
            look="draft_postmortem",
        )
        self._story.tell(f"A postmortem is drafted: {len(text.splitlines())} lines")
        paged = {email.to for email in self._observer.inbox.everything() if incident.incident_id in email.text}
        if len(paged) != 2:
            raise AssertionError(f"two people should have been paged, these were: {paged}")
        return where

    def _down(self) -> MonitorStatus | None:
        status = self._observer.monitor(self._monitor.monitor_id)
        return status if status and status.state is MonitorState.DOWN else None

    def _on_call(self, step: Step) -> Person:
        """The first person of a step of this file's simple kind: one schedule or one person."""

        target = step.page[0]
        if target.kind == "person":
            return self._observer.directory.person(target.target_id)
        schedule = self._observer.directory.schedule(target.target_id)
        return self._observer.directory.person(next(iter(who_is_on_call(schedule, utc_now()))))

    def _email(self, person: Person, since: datetime, within: timedelta) -> Email:
        return self._story.wait_for(
            f"{person.name} is paged",
            lambda: next(iter(self._observer.inbox.of(person.email, since=since)), None),
            within=within,
            look="start_escalation, advance_escalation, page_responders, send_notification",
        )

    def _status_says(self, incident: Incident, status: str) -> None:
        path = f"incidents/{incident.incident_id}/"
        self._story.wait_for(
            f"the status page says {status}",
            lambda: status in self._observer.status_page(path).lower(),
            within=SLACK,
            look="publish_status_page",
        )

    def _status(self, incident: Incident) -> str:
        return str(self._observer.incidents.get(incident.incident_id).status)

    def _becomes(self, incident: Incident, status: IncidentStatus, within: timedelta, look: str) -> Incident:
        def there() -> Incident | None:
            now = self._observer.incidents.get(incident.incident_id)
            return now if now.status is status else None

        return self._story.wait_for(f"the incident is {status}", there, within=within, look=look)

    def _ended(self, incident: Incident) -> Execution | None:
        executions = self._observer.executions(incident.incident_id)
        return next((execution for execution in executions if execution.status != "RUNNING"), None)

    def _confirmation(self, times: int) -> timedelta:
        return times * (self._monitor.every + self._monitor.timeout)
