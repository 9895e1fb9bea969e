"""When a cron job runs next; days on which clocks change are in `test_heartbeat`, against a naive calculation."""

import pytest

from tests.support.schedules import at
from tocsin.domain.cron import next_run


@pytest.mark.parametrize(
    ("cron", "after", "expected"),
    [
        pytest.param("0 2 * * *", "2026-03-02T02:00", "2026-03-03T02:00", id="strictly after"),
        pytest.param("0 2 * * *", "2026-03-02T01:59:59", "2026-03-02T02:00", id="a second before"),
        pytest.param("*/15 9-17 * * MON-FRI", "2026-03-06T17:50", "2026-03-09T09:00", id="office hours"),
        pytest.param("0 2 * * TUE#2", "2026-03-02T12:00", "2026-03-10T02:00", id="the second Tuesday"),
        pytest.param("0 2 L * *", "2026-02-03T12:00", "2026-02-28T02:00", id="the last of a month"),
        pytest.param("0 2 29 2 *", "2026-03-02T12:00", "2028-02-29T02:00", id="leap years"),
        pytest.param("30 2 * * *", "2026-10-25T02:00+01:00", "2026-10-26T02:30", id="the second of two equal hours"),
        pytest.param("* * * * *", "2026-10-25T02:59+02:00", "2026-10-25T02:00+01:00", id="each minute, at its end"),
    ],
)
def test_the_next_run(cron: str, after: str, expected: str) -> None:
    assert next_run(cron, at(after), "Europe/Prague") == at(expected)


@pytest.mark.parametrize("cron", ["", "0 2 *", "0 25 * * *", "@daily", "0 0 30 2 *", "0 0 * * XYZ"])
def test_what_is_no_cron_expression_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match=r"cron expression|not enough values"):
        next_run(cron, at("2026-03-02"), "Europe/Prague")
