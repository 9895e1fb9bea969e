"""What the file says in short, written out."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.builders import expected
from tests.support.files import SMALL, with_change
from tocsin.cli.file.problems import BadFileError
from tocsin.cli.file.reading import read_file, read_text
from tocsin.cli.file.time_values import duration_in
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Confirmation, Monitor
from tocsin.domain.directory import Directory, Regions
from tocsin.domain.expectations import status_codes
from tocsin.domain.people import Organization, Person, Service, Severity
from tocsin.domain.policy import EscalationPolicy, Step, Target
from tocsin.domain.schedule import Every, Layer, Rotation, Schedule, Unit
from tocsin.domain.status_page import Component, StatusPage

MONITOR = "    http: {url: https://acme.example/, method: GET}\n    every: 1m\n    timeout: 10s\n"
EXPECT = "    expect: {status: 200, body: [contains: Welcome]}\n"


def monitor(http: str = "    http: https://acme.example/\n", expect: str = "") -> Monitor:
    return read_text(with_change(MONITOR + EXPECT, http + expect)).monitors["home"]


def test_the_whole_file() -> None:
    assert read_text(SMALL) == Directory(
        organization=Organization(name="Acme", time_zone="Europe/Prague"),
        regions=Regions(home="eu-west-1", probes=("eu-west-1", "us-east-1")),
        people={
            "alice": Person(person_id="alice", name="Alice", email="alice@acme.example"),
            "bob": Person(person_id="bob", name="Bob", email="bob@acme.example", phone="+420601123456"),
        },
        schedules={
            "primary": Schedule(
                schedule_id="primary",
                time_zone="Europe/Prague",
                layers=(
                    Layer(
                        rotation=Rotation(
                            every=Every(count=1, unit=Unit.WEEKS), start=datetime.fromisoformat("2026-01-05T09:00")
                        ),
                        people=(("alice",), ("bob",)),
                    ),
                ),
            )
        },
        escalation_policies={
            "default": EscalationPolicy(
                policy_id="default",
                steps=(Step(page=(Target(kind="schedule", target_id="primary"),), wait=timedelta(minutes=5)),),
                fallback=(Target(kind="person", target_id="bob"),),
            )
        },
        services={
            "web": Service(service_id="web", name="Website", escalation_policy="default", severity=Severity.SEV2)
        },
        monitors={
            "home": Monitor(
                monitor_id="home",
                service_id="web",
                check=HttpCheck(url="https://acme.example/"),
                expect=(status_codes((200, 200)), expected("body", contains="Welcome")),
            )
        },
        status_pages={
            "public": StatusPage(
                page_id="public", name="Status", components=(Component(name="Website", service_id="web"),)
            )
        },
    )


def url_of(monitor: Monitor) -> str:
    assert isinstance(monitor.check, HttpCheck)
    return monitor.check.url


def test_a_monitor_in_short_has_the_defaults() -> None:
    assert monitor() == Monitor(
        monitor_id="home",
        service_id="web",
        check=HttpCheck(url="https://acme.example/"),
        every=timedelta(minutes=1),
        timeout=timedelta(seconds=10),
        confirm=Confirmation(failures=2, recoveries=2),
        quorum="majority",
        expect=(),
    )


def test_a_monitor_in_full() -> None:
    written = """\
    http:
      url: https://acme.example/search
      method: POST
      headers: {Accept: application/json}
      body: '{"q": 1}'
      follow_redirects: 0
    every: 30s
    timeout: 500 ms
    confirm: {failures: 3, recoveries: 1}
    quorum: 2
"""
    expect = """\
    expect:
      status: [200-204, 304, "410"]
      body: {matches: '"ok":\\s*true'}
      latency: {below: 250ms}
"""

    with pytest.raises(BadFileError, match=r"status\[2\]: `410` is not an HTTP status"):
        monitor(written, expect)
    found = monitor(written, expect.replace('"410"', "410"))

    assert found == Monitor(
        monitor_id="home",
        service_id="web",
        check=HttpCheck(
            url="https://acme.example/search",
            method="POST",
            headers={"Accept": "application/json"},
            body='{"q": 1}',
            follow_redirects=0,
        ),
        every=timedelta(seconds=30),
        timeout=timedelta(milliseconds=500),
        confirm=Confirmation(failures=3, recoveries=1),
        quorum=2,
        expect=(
            status_codes((200, 204), (304, 304), (410, 410)),
            expected("body", matches='"ok":\\s*true'),
            expected("latency", below=0.25),
        ),
    )


@pytest.mark.parametrize(("every", "timeout"), [("10s", 5), ("15s", 7.5), ("20s", 10), ("1 day", 10)])
def test_the_timeout_is_half_the_interval_at_most_ten_seconds(every: str, timeout: float) -> None:
    found = monitor(f"    http: https://acme.example/\n    every: {every}\n")

    assert found.timeout == timedelta(seconds=timeout)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("500ms", timedelta(milliseconds=500)),
        ("10s", timedelta(seconds=10)),
        ("90 seconds", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("1h", timedelta(hours=1)),
        ("1 day", timedelta(days=1)),
        ("24 hours", timedelta(days=1)),
    ],
)
def test_durations(written: str, meant: timedelta) -> None:
    assert duration_in(written) == meant


@pytest.mark.parametrize(
    "written", ["", "5", "m", "5 m m", "1h30m", "-5m", "5M", "\u0665m", "5m\n", "9999999m", 5, None]
)
def test_what_is_no_duration(written: object) -> None:
    assert duration_in(written) is None


@pytest.mark.parametrize(
    ("written", "every"),
    [
        ("12 hours", Every(count=12, unit=Unit.HOURS)),
        ("12h", Every(count=12, unit=Unit.HOURS)),
        ("1 day", Every(count=1, unit=Unit.DAYS)),
        ("2 weeks", Every(count=2, unit=Unit.WEEKS)),
        ("1 month", Every(count=1, unit=Unit.MONTHS)),
        ("3 months", Every(count=3, unit=Unit.MONTHS)),
    ],
)
def test_rotations(written: str, every: Every) -> None:
    found = read_text(with_change("1 week", written))

    assert found.schedules["primary"].layers[0].rotation.every == every


@pytest.mark.parametrize("written", ["2026-01-05", "2026-01-05T00:00", "2026-01-05 00:00:00", '"2026-01-05T00:00"'])
def test_a_start_is_on_the_wall_clock(written: str) -> None:
    found = read_text(with_change("2026-01-05T09:00", written))

    assert found.schedules["primary"].layers[0].rotation.start == datetime.fromisoformat("2026-01-05T00:00")


def test_people_in_an_inner_list_are_on_call_together() -> None:
    found = read_text(with_change("[alice, bob]", "[alice, [bob, alice], bob]"))

    assert found.schedules["primary"].layers[0].people == (("alice",), ("bob", "alice"), ("bob",))


def test_a_schedule_has_its_own_zone_or_the_organizations() -> None:
    text = with_change("  primary:\n", "  primary:\n    time_zone: America/Chicago\n")

    assert read_text(text).schedules["primary"].time_zone == "America/Chicago"
    assert read_text(SMALL).schedules["primary"].time_zone == "Europe/Prague"


def test_private_targets_where_they_are_allowed() -> None:
    text = with_change("  home: eu-west-1", "  home: eu-west-1\n  allow_private_targets: true")

    found = read_text(with_change("https://acme.example/", "http://127.0.0.1:18080/", text))

    assert found.regions.allow_private_targets
    assert url_of(found.monitors["home"]) == "http://127.0.0.1:18080/"


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.example",
        "http://acme.example:8080/a?b=c&d#e",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
        "https://bücher.example/",
        "https://a_b.example/",
    ],
)
def test_urls(url: str) -> None:
    assert url_of(monitor(f'    http: "{url}"\n')) == url


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.yaml"
    file.write_text(SMALL, encoding="utf-8-sig")

    assert read_file(str(file)) == read_text(SMALL)


def test_a_file_that_is_no_utf8(tmp_path: Path) -> None:
    file = tmp_path / "tocsin.yaml"
    file.write_bytes(b"organization: {name: Caf\xe9}")

    with pytest.raises(BadFileError, match="is not UTF-8 text; save it as UTF-8"):
        read_file(str(file))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read \\(No such file or directory\\); check the name"):
        read_file(str(tmp_path / "tocsin.yaml"))
