"""What the file says about planned quiet time and expected calls, written out."""

from datetime import date, datetime, time, timedelta

import pytest

from tests.support.files import SMALL, said_about, with_change
from tocsin.cli.file.reading import read_text
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.maintenance import MaintenanceWindow, Once, Recurring, Weekday
from tocsin.domain.schedule import Every, Unit

PAGES = "status_pages:\n"


def window(written: str) -> MaintenanceWindow:
    windows = read_text(with_change(PAGES, f"maintenance: [{{name: Upgrade, {written}}}]\n{PAGES}")).maintenance
    (found,) = windows.items()
    assert found[0] == found[1].window_id
    return found[1]


def heartbeat(written: str) -> object:
    monitors = read_text(with_change(PAGES, f"  backup: {{service: web, heartbeat: {{{written}}}}}\n{PAGES}")).monitors
    return monitors["backup"].check


def test_a_window_that_is_once_is_known_by_its_name_and_its_beginning() -> None:
    assert window("services: [web], from: 2026-12-01T02:00, to: 2026-12-01T04:00") == MaintenanceWindow(
        window_id="Upgrade 2026-12-01T02:00",
        name="Upgrade",
        services=("web",),
        time_zone="Europe/Prague",
        when=Once(start=datetime.fromisoformat("2026-12-01T02:00"), end=datetime.fromisoformat("2026-12-01T04:00")),
    )


@pytest.mark.parametrize(
    ("written", "when"),
    [
        pytest.param(
            'every: 1 week, days: [thu, tue], at: "02:00", lasts: 2h',
            Recurring(
                every=Every(count=1, unit=Unit.WEEKS),
                days=(Weekday.TUE, Weekday.THU),
                at=time(2),
                lasts=timedelta(hours=2),
                first=date(2001, 1, 1),
            ),
            id="weekly",
        ),
        pytest.param(
            'every: 2 months, at: "23:30", lasts: 90m, from: 2026-12-31, until: 2027-12-31',
            Recurring(
                every=Every(count=2, unit=Unit.MONTHS),
                at=time(23, 30),
                lasts=timedelta(minutes=90),
                first=date(2026, 12, 31),
                until=date(2027, 12, 31),
            ),
            id="every other month",
        ),
    ],
)
def test_a_window_that_comes_again(written: str, when: Recurring) -> None:
    found = window(f"monitors: [home], time_zone: Etc/UTC, {written}")

    assert found == MaintenanceWindow(
        window_id="Upgrade", name="Upgrade", monitors=("home",), time_zone="Etc/UTC", when=when
    )


def test_windows_may_overlap_and_share_a_name() -> None:
    two = (
        "maintenance:\n"
        "  - {name: Upgrade, services: [web], from: 2026-12-01T02:00, to: 2026-12-01T04:00}\n"
        "  - {name: Upgrade, services: [web], from: 2026-12-01T03:00, to: 2026-12-01T05:00}\n"
    )

    assert said_about(with_change(PAGES, two + PAGES)) == []


@pytest.mark.parametrize(
    ("written", "check"),
    [
        pytest.param(
            "every: 1 day", HeartbeatCheck(period=timedelta(days=1), time_zone="Europe/Prague"), id="a period, in short"
        ),
        pytest.param(
            'cron: "0 2 * * MON-FRI", time_zone: America/Chicago, grace: 30m, allow_get: false',
            HeartbeatCheck(
                cron="0 2 * * MON-FRI", time_zone="America/Chicago", grace=timedelta(minutes=30), allow_get=False
            ),
            id="cron, in full",
        ),
    ],
)
def test_a_heartbeat(written: str, check: HeartbeatCheck) -> None:
    assert heartbeat(written) == check


def test_a_paused_monitor() -> None:
    text = with_change("    timeout: 10s\n", "    timeout: 10s\n    paused: true\n")

    assert (read_text(text).monitors["home"].paused, read_text(SMALL).monitors["home"].paused) == (True, False)
