"""What each role may do, and nothing else. A right that is not in this table does not pass."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infra.conftest import Templates
from tests.support.template import Template

DIRECTORY, MONITORING, INCIDENTS = "Storage/Directory", "Storage/Monitoring", "Storage/Incidents"
HOME_TABLES = "arn:aws:dynamodb:eu-west-1:<AWS::AccountId>:table"
TAKE = "sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage"
IDENTITIES = "arn:aws:ses:eu-west-1:<AWS::AccountId>:identity/*"
SECRETS = "arn:aws:secretsmanager:eu-west-1:<AWS::AccountId>:secret:tocsin/*"
READ_STREAM = "dynamodb:DescribeStream dynamodb:GetRecords dynamodb:GetShardIterator"

# Role → what it touches → what it may do there. That each function writes its own log is a test of its own.
HOME = {
    "Outbox/RelayEvents": {
        f"{DIRECTORY}/stream": READ_STREAM,
        f"{MONITORING}/stream": READ_STREAM,
        f"{INCIDENTS}/stream": READ_STREAM,
        f"{DIRECTORY}/stream/*": "dynamodb:ListStreams",
        f"{MONITORING}/stream/*": "dynamodb:ListStreams",
        f"{INCIDENTS}/stream/*": "dynamodb:ListStreams",
        "Bus/EventBus": "events:PutEvents",
        "Outbox/NotRelayed": "sqs:SendMessage",
    },
    "Monitoring/JudgeMonitor": {
        DIRECTORY: "dynamodb:GetItem dynamodb:Query",
        MONITORING: "dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
        "Monitoring/JudgeMonitor/Work": TAKE,
    },
    "Heartbeats/ReceiveHeartbeat": {
        DIRECTORY: "dynamodb:GetItem",
        MONITORING: "dynamodb:GetItem dynamodb:PutItem",
        "Heartbeats/HeartbeatKey": "secretsmanager:GetSecretValue",
    },
    "Results/RollUpResults": {
        DIRECTORY: "dynamodb:GetItem",
        MONITORING: "dynamodb:PutItem dynamodb:Query",
        "Results/Missed": "sqs:SendMessage",
    },
    "Results/Clock/": {
        "Results/RollUpResults": "lambda:InvokeFunction",
        "Results/Missed": "sqs:SendMessage",
    },
    "Incidents/UpdateIncident": {
        DIRECTORY: "dynamodb:GetItem",
        INCIDENTS: "dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem",
        "Incidents/UpdateIncident/Work": TAKE,
    },
    "Escalation/StartEscalation": {
        INCIDENTS: "dynamodb:Query",
        "Escalation/StateMachine": "states:StartExecution",
        "Escalation/StartEscalation/Work": TAKE,
    },
    "Escalation/StateMachine": {
        "Escalation/AdvanceEscalation": "lambda:InvokeFunction",
        "Escalation/PageResponders": "lambda:InvokeFunction",
    },
    "Escalation/AdvanceEscalation": {
        DIRECTORY: "dynamodb:GetItem dynamodb:Query",
        INCIDENTS: "dynamodb:GetItem dynamodb:PutItem",
    },
    "Escalation/PageResponders": {
        INCIDENTS: "dynamodb:ConditionCheckItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
    },
    "Escalation/EndEscalation": {
        INCIDENTS: "dynamodb:PutItem dynamodb:Query",
        "Escalation/StateMachine": "states:SendTaskSuccess",
        "Escalation/EndEscalation/Work": TAKE,
    },
    "Notification/SendNotification": {
        DIRECTORY: "dynamodb:GetItem",
        INCIDENTS: "dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
        "Notification/AcknowledgeKey": "secretsmanager:GetSecretValue",
        IDENTITIES: "ses:SendEmail if StringEquals ses:FromAddress tocsin@example.com",
        "Notification/SendNotification/Work": TAKE,
    },
    "Notification/AcknowledgeIncident": {
        DIRECTORY: "dynamodb:GetItem",
        INCIDENTS: "dynamodb:GetItem dynamodb:PutItem",
        "Notification/AcknowledgeKey": "secretsmanager:GetSecretValue",
    },
    "StatusPage/PublishStatusPage": {
        DIRECTORY: "dynamodb:GetItem dynamodb:Query",
        MONITORING: "dynamodb:GetItem",
        INCIDENTS: "dynamodb:GetItem dynamodb:Query",
        f"{INCIDENTS}/index/recent": "dynamodb:Query",
        "StatusPage/Bucket": "s3:ListBucket",
        "StatusPage/Bucket/*": "s3:GetObject s3:PutObject",
        "StatusPage/PublishStatusPage/Work": TAKE,
        "StatusPage/Missed": "sqs:SendMessage",
    },
    "StatusPage/Clock/": {
        "StatusPage/PublishStatusPage": "lambda:InvokeFunction",
        "StatusPage/Missed": "sqs:SendMessage",
    },
    "Charts/PublishCharts": {
        DIRECTORY: "dynamodb:GetItem dynamodb:Query",
        MONITORING: "dynamodb:Query",
        f"{INCIDENTS}/index/recent": "dynamodb:Query",
        "StatusPage/Bucket/*charts/*.svg": "s3:PutObject",
        "StatusPage/Bucket/*incidents/*.svg": "s3:PutObject",
        "Charts/Missed": "sqs:SendMessage",
    },
    "Charts/Clock/": {
        "Charts/PublishCharts": "lambda:InvokeFunction",
        "Charts/Missed": "sqs:SendMessage",
    },
    "Postmortems/DraftPostmortem": {
        DIRECTORY: "dynamodb:GetItem",
        INCIDENTS: "dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
        "Postmortems/Bucket/*": "s3:PutObject",
        "Postmortems/DraftPostmortem/Work": TAKE,
    },
    "Sweeping/Clock/": {
        "Sweeping/Sweep": "lambda:InvokeFunction",
        "Sweeping/Missed": "sqs:SendMessage",
    },
    "Sweeping/Sweep": {
        DIRECTORY: "dynamodb:GetItem dynamodb:Query",
        MONITORING: "dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem dynamodb:Query",
        f"{MONITORING}/index/due": "dynamodb:Query",
        INCIDENTS: "dynamodb:PutItem",
        f"{INCIDENTS}/index/due": "dynamodb:Query",
        "Escalation/StateMachine": "states:StartExecution",
        "Sweeping/Missed": "sqs:SendMessage",
    },
}
PROBE = {
    "Checking/Clock/": {
        "Checking/ScheduleChecks": "lambda:InvokeFunction",
        "Checking/Unscheduled": "sqs:SendMessage",
    },
    "Checking/ScheduleChecks": {
        f"{HOME_TABLES}/Tocsin-directory": "dynamodb:GetItem",
        "Checking/Checks": "sqs:SendMessage",
        "Checking/Unscheduled": "sqs:SendMessage",
    },
    "Checking/RunChecks": {
        f"{HOME_TABLES}/Tocsin-directory": "dynamodb:GetItem",
        f"{HOME_TABLES}/Tocsin-monitoring": "dynamodb:PutItem dynamodb:Query",
        "Checking/Checks": f"sqs:ChangeMessageVisibility {TAKE}",
        SECRETS: "secretsmanager:GetSecretValue",
    },
}
WITH_WILDCARD = {
    f"{DIRECTORY}/stream/*": "Lambda lists a table's streams before it reads one; listing names no stream",
    f"{MONITORING}/stream/*": "the same",
    f"{INCIDENTS}/stream/*": "the same",
    IDENTITIES: "of the recipients, which the SES sandbox asks for; the sender is fixed by the condition",
    SECRETS: "those that monitors name in the file; nothing else is kept below tocsin/",
    "StatusPage/Bucket/*": "the objects of its own bucket; their names come from the file",
    "StatusPage/Bucket/*charts/*.svg": "the pictures of every page, and nothing else in the bucket",
    "StatusPage/Bucket/*incidents/*.svg": "the same",
    "Postmortems/Bucket/*": "the objects of its own bucket; each is named after its incident",
}


@pytest.mark.parametrize(
    ("stack", "expected"),
    [pytest.param("Tocsin", HOME, id="home"), pytest.param("Tocsin-Probe-us-east-1", PROBE, id="probe")],
)
def test_each_role_has_the_rights_of_the_table_and_no_others(
    cloud: Templates, stack: str, expected: dict[str, dict[str, str]]
) -> None:
    granted = {role: without_log(role, rights) for role, rights in rights_by_role(cloud[stack])}

    assert granted == expected


def test_every_function_writes_to_its_own_log_and_to_no_other(cloud: Templates) -> None:
    logs = {
        (role, thing, actions)
        for template in cloud.values()
        for role, rights in rights_by_role(template)
        for thing, actions in rights.items()
        if "logs:" in actions
    }

    functions = {role for role in HOME | PROBE if not role.endswith(("Clock/", "StateMachine"))}
    assert logs == {(role, f"{role}Log", "logs:CreateLogStream logs:PutLogEvents") for role in functions}


def test_no_right_has_a_wildcard_but_those_with_a_reason(cloud: Templates) -> None:
    wild = {
        f"{actions} on {thing}"
        for template in cloud.values()
        for _, rights in rights_by_role(template)
        for thing, actions in rights.items()
        if "*" in actions or ("*" in thing and thing not in WITH_WILDCARD)
    }

    assert wild == set()


def test_mail_is_sent_from_the_one_address_only(cloud: Templates) -> None:
    mailers = {
        (role, actions)
        for template in cloud.values()
        for role, rights in rights_by_role(template)
        for actions in rights.values()
        if "ses:" in actions
    }

    assert mailers == {
        ("Notification/SendNotification", "ses:SendEmail if StringEquals ses:FromAddress tocsin@example.com")
    }


def test_rights_are_granted_in_policies_of_our_own_only(cloud: Templates) -> None:
    roles = [role for template in cloud.values() for role in template.of_type("AWS::IAM::Role").values()]

    assert roles
    assert [role for role in roles if "ManagedPolicyArns" in role or "Policies" in role] == []


def test_only_the_service_it_is_for_takes_on_a_role(cloud: Templates) -> None:
    takers = {
        statement["Principal"]["Service"]
        for template in cloud.values()
        for role in template.of_type("AWS::IAM::Role").values()
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
    }

    assert takers == {"lambda.amazonaws.com", "states.amazonaws.com", "scheduler.amazonaws.com"}


def rights_by_role(template: Template) -> Iterator[tuple[str, dict[str, str]]]:
    """Role without the word → thing → its actions in order, joined."""
    for path, policy in template.of_type("AWS::IAM::Policy").items():
        rights: dict[str, set[str]] = {}
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for thing in map(template.written, listed(statement["Resource"])):
                rights.setdefault(thing, set()).update(conditioned(statement))
        role = path.removesuffix("Role/DefaultPolicy")
        yield role, {thing: " ".join(sorted(actions)) for thing, actions in rights.items()}


def without_log(role: str, rights: dict[str, str]) -> dict[str, str]:
    return {thing: actions for thing, actions in rights.items() if thing != f"{role}Log"}


def conditioned(statement: dict[str, Any]) -> Iterator[str]:
    """Its actions, each with all that it is only allowed for."""
    conditions = [
        f" if {operator} {key} {value}"
        for operator, wanted in statement.get("Condition", {}).items()
        for key, value in wanted.items()
    ]
    return (action + "".join(conditions) for action in listed(statement["Action"]))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
