"""`tocsin monitors`: how everything is, and one monitor over time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.builders import a_monitor
from tests.support.checks import REGION
from tests.support.command_line import data, lines, run
from tests.support.files import SMALL
from tests.support.tables import MONITORING
from tocsin.clock import utc_now
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.monitor import unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import MonitorView, RegionView
from tocsin.domain.result_summary import Summary
from tocsin.domain.timings import Timings
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.region_views import RegionViews
from tocsin.stores.result_series import ResultSeries

MINUTE = timedelta(minutes=1)


@pytest.fixture
def applied(write: object, deployed: object) -> Iterator[datetime]:
    """Now; the small file with its monitor `home` is applied."""
    Path("tocsin.yaml").write_text(SMALL)
    assert run("apply", "tocsin.yaml").exit_code == 0
    yield utc_now().replace(second=0, microsecond=0)


def judged(state: MonitorState, since: datetime, version: int = 0, message: str = "") -> None:
    status = unjudged(a_monitor("home"), since)
    fields = {"state": state, "changed_at": since, "version": version, "message": message}
    MonitorStatusStore(MONITORING).save(status.model_copy(update=fields), [])


def checked(minute: datetime, took: int) -> None:
    result = CheckResult(monitor_id="home", checked_at=minute, state=CheckState.UP, timings=Timings(total=took))
    known = MonitorView(state=MonitorState.UP, since=minute, checked_at=minute)
    view = RegionView(region=REGION, shard_id="0001", monitors={"home": known})
    RegionViews(MONITORING).save(view, [result], [], minute=minute, now=minute)


def test_a_monitor_that_was_never_checked(applied: datetime) -> None:
    (found,) = data("monitors")["monitors"]

    assert found == {
        "monitor": "home",
        "service": "web",
        "state": "unknown",
        "since": None,
        "last_check": None,
        "up_time": {"24h": None, "7d": None, "30d": None, "90d": None},
        "p95": None,
        "note": "",
    }


def test_how_a_monitor_is(applied: datetime) -> None:
    judged(MonitorState.UP, applied - timedelta(days=10))
    judged(MonitorState.DOWN, applied - timedelta(hours=12), version=1, message="connection refused")
    checked(applied - 2 * MINUTE, took=100)
    checked(applied - MINUTE, took=300)

    (found,) = data("monitors")["monitors"]

    assert (found["state"], found["note"], found["p95"]) == ("down", "connection refused", 300)
    assert found["last_check"] == f"{applied - MINUTE:%Y-%m-%dT%H:%M:%SZ}"
    assert 0.49 < found["up_time"]["24h"] < 0.51
    assert 0.94 < found["up_time"]["30d"] < 0.96


def test_as_a_table(applied: datetime) -> None:
    judged(MonitorState.UP, applied - timedelta(days=3))

    header, row = lines(run("monitors").stdout)

    assert header == "monitor state for checked 24h 7d 30d 90d p95 (1 h) note"
    assert row.startswith("home up 3 days")
    assert row.endswith("never 100 % 100 % 100 % 100 %")


@pytest.mark.usefixtures("deployed")
def test_before_the_first_apply() -> None:
    result = run("monitors")

    assert (result.exit_code, lines(result.stderr)) == (
        2,
        ["tocsin: nothing has been applied to Tocsin yet: tocsin apply FILE"],
    )


def test_one_monitor_over_time(applied: datetime) -> None:
    checked(applied - 2 * MINUTE, took=100)
    checked(applied - MINUTE, took=300)

    found = data("monitors", "show", "home", "--last", "1 hour")

    assert (found["monitor"], found["step_seconds"], list(found["regions"])) == ("home", 60, [REGION])
    assert [(step["checks"], step["p95"]) for step in found["regions"][REGION]] == [
        (1, 100),
        (1, 300),
    ]


def test_what_is_older_comes_from_the_hours(applied: datetime) -> None:
    hour = applied.replace(minute=0) - timedelta(hours=30)
    ResultSeries(MONITORING).save_hour(REGION, "0001", hour, {"home": Summary(up=60, p50=90, p95=120, p99=130)})

    found = data("monitors", "show", "home", "--last", "8 days")

    assert found["step_seconds"] == 3600
    assert [(step["at"], step["p95"]) for step in found["regions"][REGION]] == [(f"{hour:%Y-%m-%dT%H:%M:%SZ}", 120)]


def test_pictures_for_a_browser(applied: datetime, tmp_path: Path) -> None:
    judged(MonitorState.DOWN, applied - 30 * MINUTE)
    checked(applied - MINUTE, took=300)

    shown = run("monitors", "show", "home", "--last", "1 hour", "--chart", "home.html")

    assert shown.stdout.strip() == (tmp_path / "home.html").as_uri()
    page = (tmp_path / "home.html").read_text()
    assert page.count("<svg") == 1
    assert 'class="down"' in page
    assert f"Response times of home from {REGION}" in page


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "hom"), "tocsin: there is no monitor 'hom'; did you mean `home`?"),
        (
            ("show", "home", "--last", "soon"),
            "tocsin: 'soon' is not a length of time; write it as in `2 hours`, at most 400 days",
        ),
    ],
)
@pytest.mark.usefixtures("applied")
def test_what_cannot_be_shown(arguments: tuple[str, ...], said: str) -> None:
    result = run("monitors", *arguments)

    assert (result.exit_code, lines(result.stderr)) == (2, [said])
