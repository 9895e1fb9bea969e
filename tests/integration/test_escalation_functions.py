"""Paging through the real handlers and tables: decided, asked for, sent, answered."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, a_person, a_policy, a_service, a_step, after, an_incident, person, schedule
from tests.support.envelopes import delivered, http_request
from tests.support.tables import DIRECTORY, INCIDENTS, MONITORING, REGION
from tocsin.domain.acknowledge_link import Claims, sign
from tocsin.domain.escalation import Escalation, Outcome, begin
from tocsin.domain.events import IncidentAcknowledged, IncidentTriggered, NotificationRequested
from tocsin.domain.incident import Change, acknowledge
from tocsin.domain.incidents import Incident, IncidentStatus
from tocsin.domain.notification import DeliveryState, Notification, remind
from tocsin.domain.page import Page
from tocsin.domain.turns import AlreadyAnsweredError
from tocsin.settings import (
    AcknowledgeIncidentSettings,
    AdvanceEscalationSettings,
    EndEscalationSettings,
    PageRespondersSettings,
    SendNotificationSettings,
    StartEscalationSettings,
    SweepSettings,
)
from tocsin.stores import executions, keys
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

INCIDENT_ID = "20260302-1200-abcdef"
ESCALATION_ID = f"{INCIDENT_ID}-1"
MACHINE = "arn:aws:states:eu-west-1:000000000000:stateMachine:escalation"
SENDER = "tocsin@acme.example"


@pytest.fixture(autouse=True)
def directory(tables: None) -> None:
    policy = a_policy(a_step(person("alice")), a_step(person("bob")))
    Table(DIRECTORY).save(
        [
            Write.put(keys.entity("service", "web"), a_service(runbook="https://wiki.acme.example/web")),
            Write.put(keys.entity("escalation_policy", "default"), policy),
            Write.put(keys.entity("person", "alice"), a_person("alice")),
            Write.put(keys.entity("person", "bob"), a_person("bob")),
        ]
    )


@pytest.fixture
def store() -> IncidentStore:
    """Holds one incident that was just triggered."""
    store = IncidentStore(INCIDENTS)
    incident = an_incident()
    store.save(Change(incident=incident, escalation=begin(incident, a_policy())))
    return store


@pytest.fixture
def secret() -> str:
    arn: str = boto3.client("secretsmanager").create_secret(Name="acknowledge", SecretString="k" * 64)["ARN"]
    return arn


@pytest.fixture
def step_functions() -> Any:
    with Stubber(executions.step_functions()) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture
def advance(load_function: LoadFunction, store: IncidentStore) -> Any:
    settings = AdvanceEscalationSettings(directory_table=DIRECTORY, incidents_table=INCIDENTS)
    handler = load_function("advance_escalation", settings).handler
    return lambda turn: handler({"incident_id": INCIDENT_ID, "escalation_id": ESCALATION_ID, "turn": turn}, None)


@pytest.fixture
def page(load_function: LoadFunction, store: IncidentStore) -> Any:
    handler = load_function("page_responders", PageRespondersSettings(incidents_table=INCIDENTS)).handler
    ask = {"incident_id": INCIDENT_ID, "escalation_id": ESCALATION_ID}
    return lambda turn, token="token-1": handler(ask | {"turn": turn, "token": token}, None)


@pytest.fixture
def send(load_function: LoadFunction, store: IncidentStore, secret: str) -> Any:
    boto3.client("sesv2").create_email_identity(EmailIdentity=SENDER)
    settings = SendNotificationSettings(
        directory_table=DIRECTORY,
        incidents_table=INCIDENTS,
        acknowledge_key_secret=secret,
        api_url="https://api.acme.example",
        sender=SENDER,
    )
    return load_function("send_notification", settings)


@pytest.fixture
def link(load_function: LoadFunction, store: IncidentStore, secret: str) -> Any:
    settings = AcknowledgeIncidentSettings(
        directory_table=DIRECTORY, incidents_table=INCIDENTS, acknowledge_key_secret=secret
    )
    handler = load_function("acknowledge_incident", settings).handler
    return lambda method, token: handler(http_request(method, "/ack/{token}", token=token), None)


def a_token(who: str = "bob", **claims: Any) -> str:
    from tocsin.clock import utc_now

    defaults: dict[str, Any] = {"incident_id": INCIDENT_ID, "expires_at": utc_now() + timedelta(hours=1)}
    return sign(Claims(person_id=who, **(defaults | claims)), b"k" * 64)


def the_escalation(store: IncidentStore) -> Escalation:
    return store.escalation(INCIDENT_ID, ESCALATION_ID)


def the_page() -> NotificationRequested:
    return NotificationRequested(
        occurred_at=NOON, incident_id=INCIDENT_ID, notification_id=f"{ESCALATION_ID}.1.alice.email"
    )


def acknowledged_by_bob(store: IncidentStore) -> Incident:
    store.save(acknowledge(store.get(INCIDENT_ID), a_person("bob"), after(minutes=1)))
    return store.get(INCIDENT_ID)


def the_notification(store: IncidentStore) -> Notification:
    (notification,) = store.notifications(INCIDENT_ID)
    return notification


# start_escalation ---------------------------------------------------------------------------------


def test_a_triggered_incident_starts_the_execution_named_after_its_escalation(
    load_function: LoadFunction, store: IncidentStore, step_functions: Stubber
) -> None:
    start = load_function(
        "start_escalation", StartEscalationSettings(incidents_table=INCIDENTS, state_machine_arn=MACHINE)
    )
    turn = json.dumps({"incident_id": INCIDENT_ID, "escalation_id": ESCALATION_ID, "turn": 0})
    expected = {"stateMachineArn": MACHINE, "name": ESCALATION_ID, "input": turn}
    started = {"executionArn": f"{MACHINE}:{ESCALATION_ID}", "startDate": NOON}
    step_functions.add_response("start_execution", started, expected)
    step_functions.add_client_error("start_execution", "ExecutionAlreadyExists", expected_params=expected)
    incident = store.get(INCIDENT_ID)
    event = IncidentTriggered(occurred_at=NOON, incident_id=INCIDENT_ID, service_id="web", severity=incident.severity)

    answers = [start.handler(delivered(event), None) for _ in range(2)]

    assert answers == [{"batchItemFailures": []}] * 2


# advance_escalation -------------------------------------------------------------------------------


def test_the_first_answer_is_the_first_step_and_stays_so_when_asked_again(advance: Any, store: IncidentStore) -> None:
    answers = [advance(0), advance(0)]

    assert answers == [{"decision": "page", "turn": 1, "wait_seconds": 300, "outcome": ""}] * 2
    assert the_escalation(store).responders == ("alice",)


def test_the_next_answer_is_the_next_step_and_then_the_end(
    advance: Any, store: IncidentStore, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [advance(turn) for turn in range(3)]

    assert [answer["decision"] for answer in answers] == ["page", "page", "finished"]
    assert answers[-1]["outcome"] == "exhausted"
    assert capsys.readouterr().out.count('"Unanswered":[1') == 1
    assert sorted(entry.text for entry in store.timeline(INCIDENT_ID)) == [
        "Everyone was paged and nobody answered",
        "No answer within 5 minutes",
        "No answer within 5 minutes",
    ]


def test_an_acknowledged_incident_ends_the_escalation(advance: Any, store: IncidentStore) -> None:
    acknowledged_by_bob(store)

    assert advance(0) == {"decision": "finished", "turn": 1, "wait_seconds": 0, "outcome": "acknowledged"}


def test_a_service_renamed_in_flight_is_escalated_by_the_policy_of_its_trigger(
    advance: Any, store: IncidentStore
) -> None:
    advance(0)
    Table(DIRECTORY).save([Write.delete(keys.entity("service", "web"))])

    assert advance(1)["decision"] == "page"
    assert the_escalation(store).responders == ("bob",)


def test_a_schedule_that_is_empty_each_time_round_is_said_once_and_the_fallback_is_paged(
    advance: Any, store: IncidentStore
) -> None:
    nobody = a_policy(a_step(schedule("gone")), repeat=2, fallback=(person("bob"),))
    Table(DIRECTORY).save([Write.put(keys.entity("escalation_policy", "default"), nobody)])

    assert advance(0)["decision"] == "page"
    assert the_escalation(store).responders == ("bob",)
    assert [entry.text for entry in store.timeline(INCIDENT_ID)] == ["Nobody is on call for step 1: skipped"]


# page_responders ----------------------------------------------------------------------------------


def test_paging_asks_for_one_notification_each_and_keeps_the_token(
    advance: Any, page: Any, store: IncidentStore
) -> None:
    advance(0)

    page(1)
    page(1)

    assert the_escalation(store).task_token == "token-1"
    assert the_notification(store).notification_id == f"{ESCALATION_ID}.1.alice.email"


def test_a_step_with_more_people_than_a_transaction_holds_pages_them_all(
    advance: Any, page: Any, store: IncidentStore
) -> None:
    everybody = a_policy(a_step(*(person(f"person-{number:03}") for number in range(120))))
    Table(DIRECTORY).save([Write.put(keys.entity("escalation_policy", "default"), everybody)])
    advance(0)

    page(1)

    assert len(store.notifications(INCIDENT_ID)) == outbox().count("NotificationRequested") == 120
    assert the_escalation(store).task_token == "token-1"


def test_paging_after_the_acknowledgement_is_refused_by_name(advance: Any, page: Any, store: IncidentStore) -> None:
    advance(0)
    acknowledged_by_bob(store)

    with pytest.raises(AlreadyAnsweredError):
        page(1)

    assert store.notifications(INCIDENT_ID) == []


def test_an_acknowledgement_between_reading_and_saving_wins(
    advance: Any, page: Any, store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    advance(0)
    stale = iter([store.get(INCIDENT_ID)])
    really = IncidentStore.get
    acknowledged_by_bob(store)
    monkeypatch.setattr(IncidentStore, "get", lambda self, incident_id: next(stale, None) or really(self, incident_id))

    with pytest.raises(AlreadyAnsweredError):
        page(1)

    assert store.notifications(INCIDENT_ID) == []


# send_notification --------------------------------------------------------------------------------


def mails() -> list[Any]:
    from moto.ses.models import ses_backends

    return list(ses_backends["123456789012"][REGION].sent_messages)


def test_a_page_reaches_its_person_with_a_link_and_is_on_the_timeline(
    advance: Any, page: Any, send: Any, store: IncidentStore
) -> None:
    advance(0)
    page(1)

    answer = send.handler(delivered(the_page()), None)

    (mail,) = mails()
    assert answer == {"batchItemFailures": []}
    assert mail.destinations["ToAddresses"] == ["alice@acme.example"]
    assert mail.subject == "[SEV2] Website: shop is down"
    assert "https://api.acme.example/ack/" in mail.body
    assert the_notification(store).state is DeliveryState.SENT
    assert [entry.text for entry in store.timeline(INCIDENT_ID)] == ["Alice was paged by email"]


def test_a_page_delivered_twice_is_sent_once(advance: Any, page: Any, send: Any, store: IncidentStore) -> None:
    advance(0)
    page(1)

    send.handler(delivered(the_page(), the_page()), None)
    send.handler(delivered(the_page()), None)

    assert len(mails()) == 1


def test_a_page_that_the_sweeper_touched_while_it_was_sent_is_not_sent_again(
    advance: Any, page: Any, send: Any, store: IncidentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = send.channels()["email"].send

    def slowly(message: Page) -> str:
        store.save_delivery(remind(the_notification(store), after(minutes=2)))
        return str(really(message))

    advance(0)
    page(1)
    monkeypatch.setattr(send.channels()["email"], "send", slowly)

    send.handler(delivered(the_page()), None)
    send.handler(delivered(the_page()), None)

    assert len(mails()) == 1
    assert the_notification(store).state is DeliveryState.SENT


def test_a_page_still_queued_at_the_acknowledgement_is_not_sent(
    advance: Any, page: Any, send: Any, store: IncidentStore
) -> None:
    advance(0)
    page(1)
    acknowledged_by_bob(store)

    send.handler(delivered(the_page()), None)

    assert mails() == []
    assert the_notification(store).state is DeliveryState.SKIPPED


@pytest.mark.parametrize(
    ("code", "state", "retried"),
    [
        pytest.param("TooManyRequestsException", DeliveryState.REQUESTED, True, id="throttled: tried again"),
        pytest.param("MessageRejected", DeliveryState.FAILED, False, id="refused for good: said on the timeline"),
    ],
)
def test_what_ses_refuses(
    advance: Any, page: Any, send: Any, store: IncidentStore, code: str, state: DeliveryState, retried: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from tocsin.channels import email

    def refuse(**message: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "SendEmail")

    advance(0)
    page(1)
    monkeypatch.setattr(email.ses(), "send_email", refuse)
    batch = delivered(the_page(), the_page())

    answer = send.handler({"Records": batch["Records"][:1]}, None) if not retried else _failing(send, batch)

    assert bool(answer["batchItemFailures"]) is retried
    assert the_notification(store).state is state
    assert [entry.kind for entry in store.timeline(INCIDENT_ID)] == ([] if retried else ["failed_page"])


def _failing(send: Any, batch: Any) -> Any:
    """All of a batch failing raises; the queue then gives all of it again."""
    from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

    with pytest.raises(BatchProcessingError):
        send.handler(batch, None)
    return {"batchItemFailures": ["all"]}


# acknowledge_incident -----------------------------------------------------------------------------


def test_opening_the_link_shows_a_button_and_changes_nothing(link: Any, store: IncidentStore) -> None:
    answer = link("GET", a_token())

    assert answer["statusCode"] == 200
    assert "Acknowledge as Bob" in answer["body"]
    assert "unsafe-inline" not in answer["headers"]["content-security-policy"]
    assert store.get(INCIDENT_ID).status is IncidentStatus.TRIGGERED


def test_pressing_it_acknowledges_and_pressing_again_says_who_has_it(link: Any, store: IncidentStore) -> None:
    first = link("POST", a_token("bob"))
    second = link("POST", a_token("alice"))

    assert "You have it." in first["body"]
    assert "Bob has it." in second["body"]
    assert store.get(INCIDENT_ID).acknowledged_by == "bob"
    assert [entry.text for entry in store.timeline(INCIDENT_ID)] == ["Bob acknowledged"]


@pytest.mark.parametrize(
    ("token", "status", "says"),
    [
        pytest.param(a_token(expires_at=NOON), 410, "expired", id="old"),
        pytest.param(a_token() + "x", 403, "not one of ours", id="changed"),
        pytest.param("", 403, "not one of ours", id="empty"),
        pytest.param("nonsense", 403, "not one of ours", id="nonsense"),
        pytest.param(a_token(incident_id="nothing"), 404, "no incident", id="of an incident that is not there"),
    ],
)
def test_a_link_that_does_not_work_says_why_and_changes_nothing(
    link: Any, store: IncidentStore, token: str, status: int, says: str
) -> None:
    answer = link("POST", token)

    assert (answer["statusCode"], says in answer["body"]) == (status, True)
    assert store.get(INCIDENT_ID).status is IncidentStatus.TRIGGERED


# end_escalation -----------------------------------------------------------------------------------


def test_an_acknowledgement_ends_the_escalation_and_wakes_its_execution(
    load_function: LoadFunction, advance: Any, page: Any, store: IncidentStore, step_functions: Stubber
) -> None:
    end = load_function("end_escalation", EndEscalationSettings(incidents_table=INCIDENTS))
    advance(0)
    page(1)
    answer = {"taskToken": "token-1", "output": json.dumps({"outcome": "acknowledged"})}
    step_functions.add_response("send_task_success", {}, answer)
    step_functions.add_client_error("send_task_success", "TaskTimedOut", expected_params=answer)
    event = IncidentAcknowledged(occurred_at=NOON, incident_id=INCIDENT_ID, person_id="bob")

    answers = [end.handler(delivered(event), None) for _ in range(2)]

    assert answers == [{"batchItemFailures": []}] * 2
    assert the_escalation(store).outcome is Outcome.ACKNOWLEDGED
    assert the_escalation(store).due_at is None


# sweep --------------------------------------------------------------------------------------------


@pytest.fixture
def sweep(load_function: LoadFunction, store: IncidentStore) -> Any:
    settings = SweepSettings(
        directory_table=DIRECTORY, monitoring_table=MONITORING, incidents_table=INCIDENTS, state_machine_arn=MACHINE
    )
    return load_function("sweep", settings)


def outbox() -> list[str]:
    items = boto3.client("dynamodb", region_name=REGION).scan(TableName=INCIDENTS)["Items"]
    return [item["detail_type"]["S"] for item in items if item["pk"]["S"].startswith(keys.OUTBOX_PREFIX)]


def test_an_escalation_whose_execution_was_lost_is_started_again(
    sweep: Any, step_functions: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    now = after(minutes=2)
    sweep.utc_now = lambda: now
    turn = json.dumps({"incident_id": INCIDENT_ID, "escalation_id": ESCALATION_ID, "turn": 0})
    expected = {"stateMachineArn": MACHINE, "name": f"{ESCALATION_ID}-restarted-20260302T1202", "input": turn}
    step_functions.add_response("start_execution", {"executionArn": "x" * 10, "startDate": now}, expected)

    sweep.handler({}, None)

    assert '"AllClean"' not in capsys.readouterr().out


def test_a_page_that_was_never_sent_is_asked_for_again(
    advance: Any, page: Any, sweep: Any, store: IncidentStore
) -> None:
    advance(0)
    page(1)
    asked = outbox().count("NotificationRequested")
    sweep.utc_now = lambda: the_notification(store).due_at

    sweep.remind_notifications(sweep.utc_now())

    assert outbox().count("NotificationRequested") == asked + 1


def test_with_nothing_overdue_all_is_clean(sweep: Any, capsys: pytest.CaptureFixture[str]) -> None:
    sweep.utc_now = lambda: NOON

    sweep.handler({}, None)

    assert '"AllClean"' in capsys.readouterr().out
