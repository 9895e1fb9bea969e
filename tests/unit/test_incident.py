"""Alerts open, join and resolve incidents; people acknowledge them. Old and doubled news changes nothing."""

from datetime import timedelta
from itertools import permutations

import pytest

from tests.support.builders import (
    NOON,
    a_person,
    a_policy,
    a_service,
    after,
    an_incident,
    degraded,
    recovered,
    went_down,
)
from tocsin.domain.events import (
    IncidentAcknowledged,
    IncidentResolved,
    IncidentTriggered,
    IncidentUpdated,
    MonitorDegraded,
    MonitorPaused,
    MonitorRecovered,
    MonitorRemoved,
    MonitorWentDown,
)
from tocsin.domain.incident import PUBLIC_EASED, Change, acknowledge, clear, ease, fire, withdraw
from tocsin.domain.incidents import Alert, Incident, IncidentStatus
from tocsin.domain.people import Severity
from tocsin.domain.record import Event
from tocsin.domain.status_page import PublicStatus

WEB, POLICY = a_service(), a_policy()


class Desk:
    """Keeps what a table would keep, and takes events in any order."""

    def __init__(self) -> None:
        self.alerts: dict[str, Alert] = {}
        self.incidents: dict[str, Incident] = {}
        self.told: list[Event] = []

    def take(self, event: MonitorWentDown | MonitorDegraded | MonitorRecovered) -> Change:
        alert = self.alerts.get(f"monitor:{event.monitor_id}")
        if isinstance(event, MonitorWentDown):
            change = fire(alert, self.open, event, WEB, POLICY)
        else:
            incident = self.incidents.get(alert.incident_id) if alert and alert.incident_id else None
            change = self._better(alert, incident, event)
        self.keep(change)
        return change

    def _better(
        self, alert: Alert | None, incident: Incident | None, event: MonitorDegraded | MonitorRecovered
    ) -> Change:
        if isinstance(event, MonitorRecovered):
            return clear(alert, incident, event)
        return ease(alert, incident or self.open, event)

    def keep(self, change: Change) -> None:
        if change.alert:
            self.alerts[change.alert.alert_id] = change.alert
        if change.incident:
            self.incidents[change.incident.incident_id] = change.incident
        self.told += change.events

    @property
    def open(self) -> Incident | None:
        return next((i for i in self.incidents.values() if i.status is not IncidentStatus.RESOLVED), None)


def names(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


def test_a_monitor_that_goes_down_opens_an_incident_that_says_what_happened() -> None:
    change = fire(None, None, went_down(), WEB, POLICY)

    incident = change.incident
    assert incident is not None
    assert incident == an_incident(incident_id=incident.incident_id)
    assert [(entry.at, entry.kind, entry.text) for entry in change.entries] == [
        (after(seconds=-20), "failed", "First failed check of shop"),
        (NOON, "triggered", "shop is down, confirmed from eu-west-1, us-east-1: connection refused"),
    ]
    assert [(update.status, update.body) for update in change.updates] == [
        (PublicStatus.INVESTIGATING, "We have noticed a problem and are investigating it.")
    ]
    assert change.events == (
        IncidentTriggered(occurred_at=NOON, incident_id=incident.incident_id, service_id="web", severity=Severity.SEV2),
    )
    assert change.escalation is not None
    assert change.escalation.due_at == after(seconds=30)


def test_the_same_news_twice_opens_one_incident() -> None:
    desk = Desk()

    desk.take(went_down())
    second = desk.take(went_down())

    assert second == Change()
    assert names(desk.told) == ["IncidentTriggered"]


def test_two_copies_decided_at_the_same_time_are_one_and_the_same_incident() -> None:
    assert fire(None, None, went_down(), WEB, POLICY) == fire(None, None, went_down(), WEB, POLICY)


def test_a_second_monitor_of_the_service_joins_the_open_incident() -> None:
    desk = Desk()

    desk.take(went_down("shop"))
    desk.take(went_down("checkout", after(seconds=30)))

    assert len(desk.incidents) == 1
    assert desk.open is not None
    assert desk.open.firing_alerts == ("monitor:shop", "monitor:checkout")
    assert names(desk.told) == ["IncidentTriggered", "IncidentUpdated"]


def test_the_incident_is_over_when_its_last_alert_clears() -> None:
    desk = Desk()
    for event in (went_down("shop"), went_down("checkout", after(seconds=30))):
        desk.take(event)

    first = desk.take(recovered("shop", after(minutes=5)))
    last = desk.take(recovered("checkout", after(minutes=6)))

    assert first.incident is not None
    assert first.incident.status is IncidentStatus.TRIGGERED
    assert last.incident is not None
    assert (last.incident.status, last.incident.resolved_at) == (IncidentStatus.RESOLVED, after(minutes=6))
    assert [(u.status, u.body) for u in last.updates] == [
        (PublicStatus.RESOLVED, "The problem is over: everything is working again.")
    ]
    assert names(desk.told) == ["IncidentTriggered", "IncidentUpdated", "IncidentUpdated", "IncidentResolved"]


def test_a_monitor_that_is_only_slow_opens_nothing_and_pages_nobody() -> None:
    desk = Desk()

    desk.take(degraded())
    desk.take(recovered(at=after(minutes=5)))

    assert (desk.incidents, desk.told) == ({}, [])


def test_slowness_is_noted_while_an_incident_of_the_service_is_open() -> None:
    desk = Desk()
    desk.take(went_down("shop"))

    change = desk.take(degraded("checkout", after(minutes=1)))

    assert [(entry.kind, entry.text) for entry in change.entries] == [
        ("degraded", "checkout is degraded, seen from eu-west-1: took 900 ms")
    ]
    assert names(desk.told) == ["IncidentTriggered"]


def test_an_outage_that_ends_in_slowness_is_over() -> None:
    desk = Desk()

    desk.take(went_down())
    change = desk.take(degraded(at=after(minutes=5)))
    desk.take(recovered(at=after(minutes=9)))

    assert [(update.status, update.body) for update in change.updates] == [(PublicStatus.RESOLVED, PUBLIC_EASED)]
    assert desk.open is None
    assert names(desk.told) == ["IncidentTriggered", "IncidentResolved"]


def test_an_outage_that_is_told_after_it_had_eased_stays_closed() -> None:
    desk = Desk()

    for event in (degraded(at=after(minutes=5)), went_down(at=NOON)):
        desk.take(event)

    assert desk.incidents == {}


def test_a_new_outage_after_the_end_is_a_new_incident() -> None:
    desk = Desk()

    for event in (went_down(), recovered(at=after(minutes=5)), went_down(at=after(minutes=20))):
        desk.take(event)

    assert len(desk.incidents) == 2
    assert names(desk.told) == ["IncidentTriggered", "IncidentResolved", "IncidentTriggered"]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_in_whatever_order_an_outage_and_its_end_arrive_nothing_stays_open(order: tuple[int, ...]) -> None:
    news = (went_down(at=NOON), recovered(at=after(minutes=1)), went_down(at=NOON))
    desk = Desk()

    for number in order:
        desk.take(news[number])

    assert desk.open is None
    assert names(desk.told) in ([], ["IncidentTriggered", "IncidentResolved"])


def test_a_recovery_without_an_outage_tells_nobody() -> None:
    desk = Desk()

    desk.take(recovered())

    assert desk.told == []
    assert desk.incidents == {}


def test_a_sev4_is_recorded_and_wakes_nobody() -> None:
    change = fire(None, None, went_down(), a_service(severity=Severity.SEV4), POLICY)

    assert change.incident is not None
    assert change.escalation is None


def test_whoever_acknowledges_has_it() -> None:
    change = acknowledge(an_incident(), a_person("bob"), after(minutes=2))

    taken = change.incident
    assert taken is not None
    assert (taken.status, taken.acknowledged_by, taken.acknowledged_at) == (
        IncidentStatus.ACKNOWLEDGED,
        "bob",
        after(minutes=2),
    )
    assert [(entry.text, entry.actor) for entry in change.entries] == [("Bob acknowledged", "bob")]
    assert change.events == (
        IncidentAcknowledged(occurred_at=after(minutes=2), incident_id=taken.incident_id, person_id="bob"),
    )


@pytest.mark.parametrize(
    "incident",
    [
        pytest.param(an_incident(status=IncidentStatus.ACKNOWLEDGED, acknowledged_by="alice"), id="by somebody else"),
        pytest.param(an_incident(status=IncidentStatus.RESOLVED), id="after the end"),
    ],
)
def test_acknowledging_too_late_changes_nothing(incident: Incident) -> None:
    assert acknowledge(incident, a_person("bob"), after(minutes=2)) == Change()


def test_an_alert_that_joins_an_acknowledged_incident_pages_nobody_again() -> None:
    acknowledged = an_incident(status=IncidentStatus.ACKNOWLEDGED, acknowledged_by="alice", acknowledged_at=NOON)

    change = fire(None, acknowledged, went_down("checkout", after(minutes=1)), WEB, POLICY)

    assert change.incident is not None
    assert change.incident.status is IncidentStatus.ACKNOWLEDGED
    assert change.escalation is None
    assert change.events == (IncidentUpdated(occurred_at=after(minutes=1), incident_id=acknowledged.incident_id),)


def test_an_acknowledged_incident_still_ends_with_its_last_alert() -> None:
    firing = Alert(alert_id="monitor:shop", service_id="web", firing=True, changed_at=NOON, incident_id="x")
    acknowledged = an_incident(status=IncidentStatus.ACKNOWLEDGED, acknowledged_by="alice", acknowledged_at=NOON)

    change = clear(firing, acknowledged, recovered(at=after(minutes=9)))

    assert change.incident is not None
    assert change.events == (IncidentResolved(occurred_at=after(minutes=9), incident_id=acknowledged.incident_id),)
    assert change.incident.time_to_detect == timedelta(seconds=20)
    assert change.incident.time_to_resolve == timedelta(minutes=9, seconds=20)


def test_a_monitor_taken_out_of_the_file_ends_what_it_had_opened() -> None:
    desk = Desk()
    desk.take(went_down("shop"))
    event = MonitorRemoved(occurred_at=after(minutes=3), monitor_id="shop")

    change = withdraw(desk.alerts["monitor:shop"], desk.open, event, after(minutes=3), is_watched=False)

    assert change.incident is not None
    assert change.incident.status is IncidentStatus.RESOLVED
    assert [entry.text for entry in change.entries] == [
        "shop is no longer monitored",
        "Resolved: every alert has cleared",
    ]
    for alert, incident in ((change.alert, change.incident), (None, None)):
        assert withdraw(alert, incident, event, after(minutes=3), is_watched=False) == Change()


def test_an_outage_after_a_pause_is_news_though_the_clock_of_who_paused_was_ahead() -> None:
    desk = Desk()
    desk.take(went_down("shop"))
    paused = MonitorPaused(occurred_at=after(minutes=60), monitor_id="shop")

    change = withdraw(desk.alerts["monitor:shop"], desk.open, paused, after(minutes=3), is_watched=False)

    again = fire(change.alert, None, went_down("shop", after(minutes=9)), a_service(), a_policy())
    assert again.incident is not None
    assert again.incident.status is IncidentStatus.TRIGGERED
