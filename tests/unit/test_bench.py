"""The arithmetic of the benches; what they measure is seen by running them."""

from datetime import timedelta

import pytest

from bench.imports import Importing, Run, budgets_of
from bench.importtime import Imported, by_package, parse, total, without
from bench.percentiles import MILLISECOND, percentile
from tocsin.errors import TocsinError

PRINTED = """\
import time: self [us] | cumulative | imported package
import time:       100 |        100 |   json.decoder
import time:       250 |        350 | json
a warning: import time is short
import time:        40 |         40 |     tocsin.domain.record
import time:        60 |        100 |   tocsin.domain.checks
import time:      1000 |       1100 | handler
"""


def milliseconds(*spans: float) -> list[timedelta]:
    return [span * MILLISECOND for span in spans]


def imported(**packages: float) -> tuple[Imported, ...]:
    return tuple(Imported(name, span * MILLISECOND) for name, span in packages.items())


@pytest.mark.parametrize(
    ("spans", "share", "expected"),
    [
        pytest.param([7], 0.95, 7, id="one is all of them"),
        pytest.param([3, 1, 2], 0.5, 2, id="median of an odd number"),
        pytest.param([4, 1, 2, 3], 0.5, 2.5, id="median of an even number"),
        pytest.param(range(101), 0.95, 95, id="exactly on one"),
        pytest.param([0, 10], 0.95, 9.5, id="between two, in proportion"),
        pytest.param([1, 2, 9], 1, 9, id="the longest"),
    ],
)
def test_a_percentile(spans: list[float], share: float, expected: float) -> None:
    assert percentile(milliseconds(*spans), share) == expected * MILLISECOND


def test_nothing_measured_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


def test_what_importtime_prints_is_read_without_its_header_and_other_lines() -> None:
    read = parse(PRINTED)

    assert [each.module for each in read] == [
        "json.decoder",
        "json",
        "tocsin.domain.record",
        "tocsin.domain.checks",
        "handler",
    ]
    assert total(read) == timedelta(microseconds=1450)


def test_time_is_told_by_top_level_package_and_the_standard_library_is_one() -> None:
    assert list(by_package(parse(PRINTED)).items()) == [
        ("handler", timedelta(microseconds=1000)),
        ("standard library", timedelta(microseconds=350)),
        ("tocsin", timedelta(microseconds=100)),
    ]


def test_modules_of_bare_python_are_left_out() -> None:
    left = without(parse(PRINTED), {"json", "json.decoder", "handler"})

    assert total(left) == timedelta(microseconds=100)


@pytest.mark.parametrize(
    ("wall", "processor", "is_late", "is_over"),
    [
        pytest.param(150, 140, False, False, id="on the budget"),
        pytest.param(151, 140, True, False, id="others held it up"),
        pytest.param(200, 151, True, True, id="by itself"),
    ],
)
def test_over_budget_is_what_computes_too_long(wall: float, processor: float, is_late: bool, is_over: bool) -> None:
    run = Run(imported(handler=wall), processor * MILLISECOND)
    importing = Importing("run_checks", (run, run), budget=150 * MILLISECOND)

    assert (importing.is_late, importing.is_over_budget) == (is_late, is_over)


def test_the_biggest_packages_are_told_by_their_medians() -> None:
    rounds = [imported(boto3=20, pydantic=10), imported(boto3=22, pydantic=90), imported(boto3=21, pydantic=11)]
    importing = Importing("sweep", tuple(Run(each, timedelta()) for each in rounds))

    assert importing.biggest(2) == [("boto3", 21 * MILLISECOND), ("pydantic", 11 * MILLISECOND)]


def test_a_handler_without_a_budget_of_its_own_has_every_handlers() -> None:
    budgets = budgets_of({"every_handler": 450, "run_checks": 150}, ("run_checks", "sweep"))

    assert budgets == {"run_checks": 150 * MILLISECOND, "sweep": 450 * MILLISECOND}


def test_a_budget_for_a_function_that_is_gone_is_an_error() -> None:
    with pytest.raises(TocsinError, match="ring_bell"):
        budgets_of({"every_handler": 450, "ring_bell": 10}, ("sweep",))
