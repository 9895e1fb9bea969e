"""`tocsin monitors pause`, `resume` and `heartbeats`."""

import getpass
from datetime import timedelta
from typing import Any

import boto3
import pytest

from tests.support.builders import NOON, after
from tests.support.command_line import WriteFile, data, lines, run
from tests.support.files import SMALL, with_change
from tests.support.tables import DIRECTORY, MONITORING, REGION
from tocsin.cli import caller as who
from tocsin.cli.monitors import calling, pausing
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.heartbeat import Call, CallKind, Heartbeat, receive
from tocsin.domain.heartbeat_key import key_of
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.heartbeats import HeartbeatStore

JOBS = with_change(
    "status_pages:\n",
    "  backup: {service: web, heartbeat: {every: 1 day}}\n"
    "  report: {service: web, heartbeat: {every: 1 day}, paused: true}\n"
    "status_pages:\n",
)


@pytest.fixture
def applied(write: WriteFile, deployed: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pausing, "caller", lambda _: "alice")
    monkeypatch.setattr(pausing, "utc_now", lambda: NOON)
    write(JOBS)
    assert run("apply", "tocsin.yaml").exit_code == 0


@pytest.mark.usefixtures("applied")
def test_a_paused_monitor_stays_paused_whatever_is_applied_and_both_plan_and_apply_say_so() -> None:
    paused = run("monitors", "pause", "home", "--reason", "moving house")

    said = "monitor/home is paused by alice since 2026-03-02 12:00 UTC, not by the file: moving house"
    assert lines(paused.stdout) == ["home is paused. Nobody is paged about it; go on with: tocsin monitors resume home"]
    assert lines(run("plan", "tocsin.yaml").stdout)[-1] == said
    assert lines(run("apply", "tocsin.yaml").stdout)[-1] == said
    assert [each["monitor_id"] for each in data("plan", "tocsin.yaml")["paused"]] == ["home"]
    assert DirectoryStore(DIRECTORY).watched("home") is None


@pytest.mark.usefixtures("applied")
def test_a_resumed_monitor_is_watched_again() -> None:
    run("monitors", "pause", "home")

    assert lines(run("monitors", "resume", "home").stdout) == ["home is resumed."]
    assert DirectoryStore(DIRECTORY).watched("home")
    assert "paused" not in run("plan", "tocsin.yaml").stdout


@pytest.mark.usefixtures("applied")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("resume", "home"), "tocsin: home is not paused", id="not paused"),
        pytest.param(("resume", "report"), "tocsin: report is paused by the file; take", id="paused by the file"),
        pytest.param(
            ("pause", "hom"), "tocsin: no monitor 'hom' has been applied; there are backup, home", id="not there"
        ),
    ],
)
def test_what_is_refused(arguments: tuple[str, ...], said: str) -> None:
    result = run("monitors", *arguments)

    assert (result.exit_code, result.stderr.startswith(said)) == (2, True)


@pytest.mark.usefixtures("applied")
def test_the_addresses_that_jobs_call(monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name="heartbeat-key", SecretString="secret")
    monkeypatch.setattr(calling, "utc_now", lambda: after(hours=1))
    check = HeartbeatCheck(period=timedelta(days=1))
    call = Call(kind=CallKind.SUCCESS, at=NOON, body="3 files")
    heartbeat, _ = receive(Heartbeat(monitor_id="backup"), call)
    HeartbeatStore(MONITORING).save(heartbeat, check, (), call)

    backup, report = data("monitors", "heartbeats")["heartbeats"]

    url = f"https://api.acme.example/heartbeat/{key_of('backup', b'secret')}"
    assert backup == {
        "monitor": "backup",
        "state": "up",
        "called_at": "2026-03-02T12:00:00Z",
        "due_at": "2026-03-03T12:00:00Z",
        "lasted": None,
        "message": "",
        "wrote": {"at": "2026-03-02T12:00:00Z", "body": "3 files"},
        "url": url,
    }
    assert (report["state"], report["called_at"], report["wrote"]) == ("paused", None, None)
    assert url in run("monitors", "heartbeats").stdout
    checked = {each["monitor"]: each["last_check"] for each in data("monitors")["monitors"]}
    assert (checked["backup"], checked["report"]) == ("2026-03-02T12:00:00Z", None)


@pytest.mark.usefixtures("deployed")
def test_without_heartbeats(write: WriteFile) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name="heartbeat-key", SecretString="secret")
    write(SMALL)
    run("apply", "tocsin.yaml")

    assert "There is no heartbeat yet" in run("monitors", "heartbeats").stdout


def test_who_is_at_the_terminal_is_known_by_aws_or_by_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    known = who.caller(REGION)

    def without_credentials(*_: Any, **__: Any) -> None:
        from botocore.exceptions import NoCredentialsError

        raise NoCredentialsError

    monkeypatch.setattr(boto3, "client", without_credentials)

    assert known and not known.startswith("arn:")
    assert who.caller(REGION) == getpass.getuser()
