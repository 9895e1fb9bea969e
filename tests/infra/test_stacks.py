"""The stacks as a whole: what the embedded stack may differ in, and what others find things by."""

import json
from pathlib import Path

import pytest

from tests.infra.conftest import Templates
from tests.support.template import Template, templates
from tocsin.domain.check_plan import MinuteBegan


def test_the_embedded_stack_differs_in_the_dependency_layer_only(cloud: Templates, embedded: Templates) -> None:
    for name, template in cloud.items():
        assert without_dependencies(template) == without_dependencies(embedded[name])


def test_every_probe_region_is_the_same(cloud: Templates) -> None:
    probes = {
        json.dumps(template.body, sort_keys=True).replace(name.removeprefix("Tocsin-Probe-"), "here")
        for name, template in cloud.items()
        if name in {"Tocsin-Probe-us-east-1", "Tocsin-Probe-ap-southeast-2"}
    }

    assert len(probes) == 1


def test_the_outputs_that_others_rely_on(home: Template) -> None:
    assert home.outputs == {
        "AcknowledgeKeySecret",
        "ApiUrl",
        "DirectoryTable",
        "EscalationStateMachine",
        "EventBus",
        "HeartbeatKeySecret",
        "HomeRegion",
        "IncidentsTable",
        "MonitoringTable",
        "PostmortemBucket",
        "ProbeRegions",
        "StatusPageBucket",
        "StatusPageDomain",
        "StatusPageUrl",
    }


def test_regions_can_be_given_on_the_command_line(tmp_path: Path) -> None:
    chosen = templates(tmp_path, home_region="eu-central-1", probe_regions="eu-central-1, us-west-2")

    assert set(chosen) == {"Tocsin", "Tocsin-Cloud", "Tocsin-Probe-eu-central-1", "Tocsin-Probe-us-west-2"}
    assert chosen["Tocsin"].body["Outputs"]["ProbeRegions"]["Value"] == "eu-central-1,us-west-2"


@pytest.mark.parametrize("stack", ["Tocsin", "Tocsin-Probe-us-east-1"])
def test_operations_are_told_by_e_mail_when_there_is_an_address(cloud: Templates, tmp_path: Path, stack: str) -> None:
    told = templates(tmp_path, operations_email="operations@acme.example")[stack].of_type("AWS::SNS::Subscription")

    assert [(found["Protocol"], found["Endpoint"]) for found in told.values()] == [("email", "operations@acme.example")]
    assert cloud[stack].of_type("AWS::SNS::Subscription") == {}


def test_silence_of_the_sweeper_alarms(home: Template) -> None:
    alarm = home.of_type("AWS::CloudWatch::Alarm")["Sweeping/NotClean"]

    assert (alarm["Namespace"], alarm["MetricName"]) == ("Tocsin", "AllClean")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert (alarm["EvaluationPeriods"], alarm["Period"], alarm["TreatMissingData"]) == (5, 60, "breaching")


def test_silence_of_a_probe_region_alarms(probe: Template) -> None:
    alarm = probe.of_type("AWS::CloudWatch::Alarm")["Checking/RunChecks/Silent"]

    assert [probe.written(dimension["Value"]) for dimension in alarm["Dimensions"]] == ["Checking/RunChecks"]
    assert (alarm["MetricName"], alarm["Statistic"]) == ("Invocations", "Sum")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
    assert (alarm["EvaluationPeriods"], alarm["Period"], alarm["TreatMissingData"]) == (5, 60, "breaching")


@pytest.mark.parametrize(
    ("alarm", "metric", "minutes"),
    [
        pytest.param("Overrunning", "Overrun", 5, id="runs that overrun"),
        pytest.param("Blind", "BlindRegion", 3, id="a region without a network"),
    ],
)
def test_a_probe_region_says_what_ails_it(probe: Template, alarm: str, metric: str, minutes: int) -> None:
    found = probe.of_type("AWS::CloudWatch::Alarm")[f"Checking/RunChecks/{alarm}"]

    assert (found["Namespace"], found["MetricName"]) == ("Tocsin", metric)
    assert found["Dimensions"] == [{"Name": "service", "Value": "run_checks"}]
    assert (found["EvaluationPeriods"], found["TreatMissingData"]) == (minutes, "notBreaching")


@pytest.mark.parametrize(
    ("schedule", "cron", "seconds"),
    [
        pytest.param("Sweeping/Clock/Schedule", "cron(* * * * ? *)", 60, id="sweep"),
        pytest.param("Checking/Clock/Schedule", "cron(* * * * ? *)", 60, id="checks"),
        pytest.param("StatusPage/Clock/Schedule", "cron(0 * * * ? *)", 3600, id="status page"),
    ],
)
def test_a_clock_strikes_says_for_when_and_drops_what_is_late(
    home: Template, probe: Template, schedule: str, cron: str, seconds: int
) -> None:
    found = (home.of_type("AWS::Scheduler::Schedule") | probe.of_type("AWS::Scheduler::Schedule"))[schedule]

    assert found["ScheduleExpression"] == cron
    assert found["FlexibleTimeWindow"] == {"Mode": "OFF"}
    assert found["Target"]["RetryPolicy"]["MaximumEventAgeInSeconds"] == seconds
    assert json.loads(found["Target"]["Input"]) == {"scheduled_at": "<aws.scheduler.scheduled-time>"}
    assert set(MinuteBegan.model_fields) == {"scheduled_at"}


def without_dependencies(template: Template) -> str:
    """The template without the content of that layer, and without what is named after the hash of its content."""
    body = json.loads(json.dumps(template.body))
    for logical_id, resource in body["Resources"].items():
        if template.paths[logical_id] == "Layers/Dependencies":
            resource["Properties"]["Content"]["S3Key"] = "the wheels"
            resource["Metadata"]["aws:asset:path"] = "the wheels"
    return json.dumps(body, sort_keys=True)


def test_a_region_checks_from_inside_a_network_of_ours(tmp_path: Path) -> None:
    network = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"], "security_group_ids": ["sg-1"]}
    made = templates(tmp_path, vpc={"eu-west-1": network})

    inside = {
        name: {folder for folder, function in template.functions().items() if "VpcConfig" in function}
        for name, template in made.items()
    }

    assert {name: folders for name, folders in inside.items() if folders} == {"Tocsin-Probe-eu-west-1": {"run_checks"}}
    assert made["Tocsin-Probe-eu-west-1"].functions()["run_checks"]["VpcConfig"] == {
        "SubnetIds": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-1"],
    }


def test_a_network_that_is_told_wrongly_is_refused_with_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="it takes exactly \\['security_group_ids', 'subnet_ids', 'vpc_id'\\]"):
        templates(tmp_path, vpc={"eu-west-1": {"vpc_id": "vpc-1", "subnets": ["subnet-1"]}})
