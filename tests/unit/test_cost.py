"""What a file costs on AWS: prices, and units by the monitors that it has."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import a_monitor
from tocsin.cli.cost.estimate import MINUTES, Estimate, estimate
from tocsin.cli.cost.prices import bill, price_list, summed
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.directory import Directory, Regions
from tocsin.domain.people import Organization

THREE = ("eu-west-1", "us-east-1", "ap-southeast-2")


def found(*monitors: Monitor, probes: tuple[str, ...] = THREE) -> Estimate:
    return estimate(
        Directory(
            organization=Organization(name="Acme"),
            regions=Regions(home=THREE[0], probes=probes),
            people={},
            services={},
            monitors={monitor.monitor_id: monitor for monitor in monitors},
        )
    )


def monitors(number: int, **fields: Any) -> list[Monitor]:
    return [a_monitor(f"m{index:05d}", **fields) for index in range(number)]


def usd(estimated: Estimate) -> float:
    return bill(estimated.usage).total


def test_every_price_says_where_it_is_from() -> None:
    assert all(price.source.startswith("https://aws.amazon.com/") for price in price_list().prices.values())


def test_a_bill_is_by_service_the_dearest_first() -> None:
    charged = bill({"scheduler_invocations": 20_000_000, "sqs_requests": 3_000_000, "lambda_requests": 1_000_000})

    assert dict(charged.services) == pytest.approx({"EventBridge": 20.0, "SQS": 1.2, "Lambda": 0.2})
    assert list(charged.services) == ["EventBridge", "SQS", "Lambda"]
    assert charged.total == pytest.approx(21.4)


def test_what_is_free_in_every_account_is_taken_off_unit_by_unit() -> None:
    charged = bill({"scheduler_invocations": 15_000_000, "sqs_requests": 500_000})

    assert charged.with_allowance == pytest.approx(1.0)


def test_a_unit_without_a_price_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="servers"):
        bill({"servers": 1})


def test_usages_add_up() -> None:
    assert summed([{"alarms": 1, "metrics": 2}, {"alarms": 3}]) == {"alarms": 4, "metrics": 2}


def test_every_unit_that_is_estimated_has_a_price() -> None:
    assert found(*monitors(1)).usage.keys() <= price_list().prices.keys()


def test_checks_are_counted_by_interval_and_region() -> None:
    often, seldom = a_monitor("a", every=timedelta(seconds=30)), a_monitor("b", every=timedelta(minutes=5))

    assert found(often, seldom).checks == pytest.approx(3 * MINUTES * 2.2)


def test_what_is_paused_or_calls_us_is_not_checked() -> None:
    backup = a_monitor("backup", check=HeartbeatCheck(period=timedelta(days=1)))

    assert found(a_monitor("a", paused=True), backup).checks == 0


def test_ten_times_the_monitors_cost_at_most_ten_times_as_much() -> None:
    hundred, thousand, ten_thousand = (usd(found(*monitors(number))) for number in (100, 1_000, 10_000))

    assert hundred < thousand < 10 * hundred
    assert thousand < ten_thousand < 10 * thousand


def test_short_intervals_cost_more_for_a_run_lasts_until_its_last_check() -> None:
    by_the_minute, often = found(a_monitor()), found(a_monitor(every=timedelta(seconds=10)))

    assert often.usage["lambda_gb_seconds"] > 5 * by_the_minute.usage["lambda_gb_seconds"]


def test_each_region_adds_to_the_bill() -> None:
    assert usd(found(a_monitor(), probes=THREE[:1])) < usd(found(a_monitor()))
