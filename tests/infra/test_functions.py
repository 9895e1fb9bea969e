"""The house rules that every function keeps."""

import pytest

from tests.infra.conftest import Templates
from tests.support.template import ROOT, Resource
from tocsin import settings
from tocsin.settings import Settings

OF_LIBRARIES = {"POWERTOOLS_SERVICE_NAME", "PYDANTIC_DISABLE_PLUGINS"}


@pytest.fixture(scope="session")
def functions(cloud: Templates) -> dict[str, Resource]:
    return {folder: found for template in cloud.values() for folder, found in template.functions().items()}


def test_every_function_folder_is_deployed_and_nothing_else(functions: dict[str, Resource]) -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}

    assert set(functions) == folders


def test_every_function_is_told_exactly_what_its_settings_read(functions: dict[str, Resource]) -> None:
    told = {folder: set(found["Environment"]["Variables"]) - OF_LIBRARIES for folder, found in functions.items()}

    assert told == {folder: {name.upper() for name in read_by(folder)} for folder in functions}


def test_every_function_runs_on_arm_with_the_newest_python(functions: dict[str, Resource]) -> None:
    runs_on = {(found["Runtime"], *found["Architectures"], found["Handler"]) for found in functions.values()}

    assert runs_on == {("python3.14", "arm64", "handler.handler")}


def test_every_function_has_a_role_of_its_own(functions: dict[str, Resource]) -> None:
    roles = {found["Role"]["Fn::GetAtt"][0] for found in functions.values()}

    assert len(roles) == len(functions)


def test_every_function_finds_our_package_and_its_dependencies(cloud: Templates) -> None:
    layers = {
        folder: {template.written(layer) for layer in found["Layers"]}
        for template in cloud.values()
        for folder, found in template.functions().items()
    }

    needed = {"Layers/Dependencies", "Layers/Tocsin"}
    assert {folder for folder, found in layers.items() if not needed <= found} == set()


def test_every_function_has_a_log_that_forgets_and_feeds_the_alarm_that_tells(cloud: Templates) -> None:
    for template in cloud.values():
        logs = template.of_type("AWS::Logs::LogGroup")
        alarms = template.of_type("AWS::CloudWatch::Alarm")
        counted = {
            template.written(found["LogGroupName"]): found["MetricTransformations"][0]["MetricName"]
            for found in template.of_type("AWS::Logs::MetricFilter").values()
        }
        for path, function in template.of_type("AWS::Lambda::Function").items():
            assert template.written(function["LoggingConfig"]["LogGroup"]) == f"{path}Log"
            assert logs[f"{path}Log"]["RetentionInDays"] == 30
            assert counted[f"{path}Log"] == alarms["Operations/Failing"]["MetricName"] == f"Failures of {template.name}"


def test_every_alarm_reaches_the_operations_topic_of_its_region(cloud: Templates) -> None:
    reached = {
        template.written(action)
        for template in cloud.values()
        for alarm in template.of_type("AWS::CloudWatch::Alarm").values()
        for action in alarm.get("AlarmActions", ["nobody"])
    }

    assert reached == {"Operations/Topic"}


def test_a_function_that_a_clock_starts_has_a_dead_letter_queue(cloud: Templates) -> None:
    letters = {
        folder: template.written(found["DeadLetterConfig"]["TargetArn"])
        for template in cloud.values()
        for folder, found in template.functions().items()
        if "DeadLetterConfig" in found
    }

    assert letters == {
        "schedule_checks": "Checking/Unscheduled",
        "sweep": "Sweeping/Missed",
        "roll_up_results": "Results/Missed",
        "publish_status_page": "StatusPage/Missed",
        "publish_charts": "Charts/Missed",
    }


def read_by(folder: str) -> set[str]:
    """Field names of `RunChecksSettings` for `run_checks`."""
    found: type[Settings] = getattr(settings, "".join(part.title() for part in folder.split("_")) + "Settings")
    return set(found.model_fields)
