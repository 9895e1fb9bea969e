"""A notification is sent by one sender at a time, and not at all once the incident is in hand."""

from datetime import timedelta

import pytest

from tests.support.builders import NOON, a_person, a_policy, after, an_incident, person
from tocsin.domain.escalation import advance, begin
from tocsin.domain.incidents import IncidentStatus
from tocsin.domain.notification import (
    LEASE,
    DeliveryState,
    Notification,
    claim,
    failed,
    release,
    remind,
    request,
    requested,
    sent,
)
from tocsin.errors import ConflictError

INCIDENT = an_incident()
ESCALATION = advance(
    begin(INCIDENT, a_policy()), INCIDENT, a_policy(), {person("alice"): ("alice", "carol")}, 0, NOON
).escalation


@pytest.fixture
def page() -> Notification:
    return request(ESCALATION, "email", NOON)[0]


def test_every_responder_of_a_turn_gets_one_and_the_same_turn_gives_the_same_ids() -> None:
    first, again = request(ESCALATION, "email", NOON), request(ESCALATION, "email", after(seconds=3))

    assert [notification.person_id for notification in first] == ["alice", "carol"]
    assert [n.notification_id for n in first] == [n.notification_id for n in again]


def test_a_claimed_one_is_left_alone_until_its_sender_must_be_dead(page: Notification) -> None:
    claimed = claim(page, INCIDENT, NOON).notification

    with pytest.raises(ConflictError, match="somebody else"):
        claim(claimed, INCIDENT, NOON + LEASE - timedelta(seconds=1))

    assert claim(claimed, INCIDENT, NOON + LEASE).notification.state is DeliveryState.SENDING


@pytest.mark.parametrize("status", [IncidentStatus.ACKNOWLEDGED, IncidentStatus.RESOLVED])
def test_once_the_incident_is_in_hand_it_is_skipped(page: Notification, status: IncidentStatus) -> None:
    skipped = claim(page, an_incident(status=status), NOON).notification

    assert (skipped.state, skipped.due_at) == (DeliveryState.SKIPPED, None)


def test_a_settled_one_stays_as_it_is(page: Notification) -> None:
    done = sent(page, a_person("alice"), "ses-1", after(seconds=2)).notification

    assert claim(done, INCIDENT, after(minutes=9)).notification == done
    assert (done.sent_at, done.provider_id, done.due_at) == (after(seconds=2), "ses-1", None)


def test_a_released_one_may_be_claimed_at_once(page: Notification) -> None:
    released = release(claim(page, INCIDENT, NOON).notification).notification

    assert claim(released, INCIDENT, after(seconds=1)).notification.state is DeliveryState.SENDING


def test_a_failure_for_good_is_said_with_its_reason(page: Notification) -> None:
    delivery = failed(page, a_person("alice"), "SES answered MessageRejected", NOON)

    assert [entry.text for entry in delivery.entries] == [
        "Alice could not be paged by email: SES answered MessageRejected"
    ]


def test_an_overdue_one_is_asked_for_again_by_a_new_event(page: Notification) -> None:
    reminded = remind(page, after(minutes=1)).notification

    assert reminded.due_at == after(minutes=2)
    assert requested(page, NOON).event_id != requested(reminded, after(minutes=1)).event_id
