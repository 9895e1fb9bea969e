"""The estimate is held against what the real handlers were seen to use, and against what is deployed."""

import pytest

from bench.cost.days import REGIONS, simulate
from bench.cost.deployed import Stacks, deployed
from bench.cost.month import Measured, usage
from bench.cost.real_run import RealRun
from bench.cost.seeding import monitors_of
from tocsin.cli.cost import estimate as model
from tocsin.cli.cost.prices import Usage
from tocsin.domain.directory import Directory, Regions
from tocsin.domain.people import Organization

MONITORS = 20
REAL = RealRun(lasted=model.TARGET_TAKES + 2.0, computed=model.CHECK_COMPUTES, checks=1)


@pytest.fixture(scope="module")
def stacks() -> Stacks:
    return deployed()


@pytest.fixture(scope="module")
def counted(stacks: Stacks) -> Usage:
    return usage(Measured(simulate(MONITORS, print, minutes=1), stacks, REAL, model.SENT_BY_CHECK))


def estimated() -> Usage:
    monitors = {monitor.monitor_id: monitor for monitor in monitors_of(MONITORS)}
    regions = Regions(home=REGIONS[0], probes=REGIONS)
    directory = Directory(
        organization=Organization(name="Bench"), regions=regions, people={}, services={}, monitors=monitors
    )
    return model.estimate(directory).usage


def test_the_estimate_has_the_units_that_are_counted(counted: Usage) -> None:
    assert estimated().keys() == counted.keys()


@pytest.mark.parametrize(
    "unit",
    [
        "dynamodb_read_units",
        "dynamodb_write_units",
        "sqs_fifo_requests",
        "sqs_requests",
        "lambda_requests",
        "scheduler_invocations",
        "alarms",
        "metrics",
        "secrets",
        "to_targets_gb",
        "logs_gb",
    ],
)
def test_what_is_estimated_is_what_is_counted(counted: Usage, unit: str) -> None:
    assert estimated()[unit] == pytest.approx(counted[unit], rel=0.15)


def test_functions_have_the_memory_that_is_estimated(stacks: Stacks) -> None:
    assert stacks.probe.memory == {"run_checks": model.RUN_MEMORY, "schedule_checks": model.MEMORY}
    assert (stacks.home.memory["sweep"], stacks.home.memory["roll_up_results"]) == (model.MEMORY, model.ROLL_UP_MEMORY)
