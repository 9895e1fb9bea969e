"""`tocsin cost`."""

import pytest

from tests.support.command_line import data, run


@pytest.mark.usefixtures("write")
def test_cost_tells_what_the_file_costs_in_a_month() -> None:
    result = run("cost", "tocsin.yaml")
    told = data("cost", "tocsin.yaml")

    assert result.exit_code == 0
    assert f"{told['total']:,.2f}" in result.stdout
    assert told["monitors"] == 1
    assert told["total"] == pytest.approx(sum(told["usd"].values()), abs=0.05)
    assert told["with_allowance"] < told["total"] < told["elsewhere"]["CloudWatch Synthetics"]


def test_cost_of_a_file_that_is_missing() -> None:
    assert run("cost", "nowhere.yaml").exit_code == 2
