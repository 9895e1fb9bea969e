"""Work waits in queues; what cannot be done waits in a dead-letter queue and alarms."""

from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import Templates
from tests.support.template import Template, app
from tocsin.domain.events import IncidentResolved

DEAD_LETTERS = (
    "DeadLetters",
    "Checking/Unscheduled",
    "Sweeping/Missed",
    "StatusPage/Missed",
    "Results/Missed",
    "Charts/Missed",
    "Outbox/NotRelayed",
)


def test_every_queue_has_a_dead_letter_queue_of_its_own(cloud: Templates) -> None:
    for template in cloud.values():
        letters = {
            path: template.written(queue["RedrivePolicy"]["deadLetterTargetArn"])
            for path, queue in template.of_type("AWS::SQS::Queue").items()
            if not path.endswith(DEAD_LETTERS)
        }

        assert letters == {path: f"{path}DeadLetters" for path in letters}


def test_every_dead_letter_queue_keeps_its_letters_and_alarms_at_the_first_unless_they_are_worthless(
    cloud: Templates,
) -> None:
    for template in cloud.values():
        alarms = template.of_type("AWS::CloudWatch::Alarm")
        for path, queue in template.of_type("AWS::SQS::Queue").items():
            if path.endswith("/ChecksDeadLetters"):
                assert (queue["MessageRetentionPeriod"], f"{path}/NotEmpty" in alarms) == (3600, False)
            elif path.endswith(DEAD_LETTERS):
                alarm = alarms[f"{path}/NotEmpty"]
                assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
                assert (alarm["MetricName"], alarm["Threshold"]) == ("ApproximateNumberOfMessagesVisible", 1)


def test_no_queue_takes_or_gives_anything_without_tls(cloud: Templates) -> None:
    for template in cloud.values():
        guarded = {
            template.written(queue)
            for policy in template.of_type("AWS::SQS::QueuePolicy").values()
            for queue in policy["Queues"]
            if any(refuses_plain_text(statement) for statement in policy["PolicyDocument"]["Statement"])
        }

        assert guarded == set(template.of_type("AWS::SQS::Queue"))


def test_a_function_takes_ten_messages_at_once_and_a_page_goes_out_alone(home: Template) -> None:
    taken = {home.written(source["FunctionName"]): source["BatchSize"] for source in mappings_of(home, "Work")}

    rules = {path.removesuffix("/Rule") for path in home.of_type("AWS::Events::Rule")}
    assert taken == dict.fromkeys(rules, 10) | {"Notification/SendNotification": 1}


def test_a_function_says_which_messages_failed_and_waits_for_no_more_of_them(home: Template) -> None:
    sources = mappings_of(home, "Work")

    assert {*map(tuple, (source["FunctionResponseTypes"] for source in sources))} == {("ReportBatchItemFailures",)}
    assert not any("MaximumBatchingWindowInSeconds" in source for source in sources)


def test_a_second_delivery_to_a_function_is_refused_with_words(tmp_path: Path) -> None:
    stack = app(tmp_path).node.find_child("Tocsin")
    page: Any = stack.node.find_child("Notification").node.find_child("SendNotification")
    bus: Any = stack.node.find_child("Bus")

    with pytest.raises(ValueError, match="send_notification gets events already: name all of them in one deliver"):
        bus.deliver(IncidentResolved, to=page)


def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_take(home: Template) -> None:
    functions = home.of_type("AWS::Lambda::Function")
    hidden = {
        path: queue["VisibilityTimeout"] / functions[path.removesuffix("/Work")]["Timeout"]
        for path, queue in home.of_type("AWS::SQS::Queue").items()
        if path.endswith("/Work")
    }

    assert set(hidden.values()) == {6}


def test_checks_are_run_one_shard_at_a_time_in_order_and_let_go_when_late(probe: Template) -> None:
    letters = probe.of_type("AWS::SQS::Queue")["Checking/ChecksDeadLetters"]
    queue = probe.of_type("AWS::SQS::Queue")["Checking/Checks"]
    timeout = probe.functions()["run_checks"]["Timeout"]

    assert [source["BatchSize"] for source in mappings_of(probe, "Checks")] == [1]
    assert queue["VisibilityTimeout"] == timeout
    assert queue["MessageRetentionPeriod"] == 300
    assert queue["FifoQueue"] is letters["FifoQueue"] is True
    assert queue["RedrivePolicy"]["maxReceiveCount"] * timeout < queue["MessageRetentionPeriod"]


def mappings_of(template: Template, queue: str) -> list[dict[str, Any]]:
    return [
        dict(source)
        for source in template.of_type("AWS::Lambda::EventSourceMapping").values()
        if template.written(source["EventSourceArn"]).endswith(f"/{queue}")
    ]


def refuses_plain_text(statement: dict[str, Any]) -> bool:
    plain_text = {"Bool": {"aws:SecureTransport": "false"}}
    return bool(statement["Effect"] == "Deny" and statement["Condition"] == plain_text)
