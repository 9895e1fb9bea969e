"""What the embedded stack is told, and how it is found again; nothing is started here."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tocsin.cli.local import browse, emulator, lock, logs, record
from tocsin.cli.local.cdk import _telling
from tocsin.cli.local.inbox import Email
from tocsin.cli.local.record import Emulator
from tocsin.cli.local.restored import release_messages, rewind_streams
from tocsin.cli.local.workspace import Workspace, as_exports, aws_environment
from tocsin.errors import ConflictError, RefusedError

ENDPOINT = "http://127.0.0.1:4566"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "cdk.json").write_text(
        json.dumps({"context": {"tocsin:home_region": "eu-west-1", "tocsin:probe_regions": ["us-east-1", "eu-west-1"]}})
    )
    return Workspace(tmp_path, tmp_path)


def test_no_process_of_the_stack_sees_the_users_account_or_proxy(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    monkeypatch.setenv("CDK_DEFAULT_ACCOUNT", "123456789012")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")

    environment = workspace.environment(ENDPOINT, "eu-west-1")

    assert {"AWS_PROFILE", "AWS_SESSION_TOKEN", "CDK_DEFAULT_ACCOUNT", "HTTPS_PROXY"}.isdisjoint(environment)
    assert environment["AWS_ENDPOINT_URL"] == ENDPOINT
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull


def test_every_region_is_deployed_to_once_the_home_region_first(workspace: Workspace) -> None:
    assert workspace.regions == ("eu-west-1", "us-east-1")


def test_a_checkout_is_found_from_a_folder_within(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    within = workspace.root / "deep" / "down"
    within.mkdir(parents=True)
    monkeypatch.chdir(within)

    assert Workspace.find() == Workspace(workspace.root, workspace.root / ".tocsin")


def test_exports_are_what_a_shell_evaluates() -> None:
    unset, *exports = as_exports(aws_environment(ENDPOINT, "eu-west-1")).splitlines()

    assert unset.startswith("unset AWS_PROFILE ")
    assert f"export AWS_ENDPOINT_URL={ENDPOINT}" in exports
    assert all(line.startswith("export AWS_") for line in exports)


def test_a_record_of_a_process_that_is_gone_is_not_taken_for_a_running_one(workspace: Workspace) -> None:
    """As after a restart of the machine, when the pid may be anybody's: here it is ours."""
    (workspace.state / "embedded.json").write_text(
        json.dumps({"pid": os.getpid(), "port": 4566, "home_region": "eu-west-1"})
    )

    assert record.read(workspace.state / "embedded.json") == Emulator(os.getpid(), 4566, "eu-west-1")
    assert emulator.running(workspace) is None
    assert emulator.stop(workspace) is False


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param('{"pid": 1', id="cut short"),
        pytest.param('{"pid": 1, "door": 4566}', id="of another version"),
    ],
)
def test_a_damaged_record_counts_as_none(workspace: Workspace, content: str) -> None:
    (workspace.state / "embedded.json").write_text(content)

    assert record.read(workspace.state / "embedded.json") is None


def test_a_lock_is_taken_until_its_holder_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0)
    path = tmp_path / "lock"

    assert not lock.is_taken(path)
    with lock.taken(path):
        assert lock.is_taken(path)
        with pytest.raises(ConflictError), lock.taken(path):
            pass
    assert not lock.is_taken(path)


def test_readers_of_streams_begin_at_the_start_of_the_new_ones(tmp_path: Path) -> None:
    positions = {"__account_region_scoped__": True, "data": {"one": 20, "two": 42}}
    state: dict[str, Any] = {"payload": {"functions": {"kept": 1}, "dynamodb_stream_positions": positions}}
    (tmp_path / "lambda.json").write_text(json.dumps(state))

    rewind_streams(tmp_path)

    state["payload"]["dynamodb_stream_positions"]["data"] = {"one": 0, "two": 0}
    assert json.loads((tmp_path / "lambda.json").read_text()) == state


def test_what_a_function_was_at_can_be_taken_again_at_once(tmp_path: Path) -> None:
    release_messages(tmp_path)
    hidden = {"body": "due", "sent_at": 100.5, "visible_at": 190.5, "receive_count": 1}
    state: dict[str, Any] = {"payload": {"queues": {"data": {"checks.fifo": {"messages": [hidden], "is_fifo": True}}}}}
    (tmp_path / "sqs.json").write_text(json.dumps(state))

    release_messages(tmp_path)

    hidden["visible_at"] = 100.5
    assert json.loads((tmp_path / "sqs.json").read_text()) == state


def test_the_lines_that_name_an_error_are_told_once_each() -> None:
    printed = [
        "Tocsin | 1/9 | CREATE_IN_PROGRESS",
        "❌ Tocsin failed: no such thing",
        "❌ Tocsin failed: no such thing",
    ]

    assert _telling(printed) == ("❌ Tocsin failed: no such thing",)
    assert _telling(["one", "two"]) == ("one", "two")


def test_the_link_in_an_email_is_found() -> None:
    link = "http://ab12.execute-api.localhost:4566/ack/eyJ.a-b_c"
    text = f"Acknowledge: open this page and press the button.\n{link}\n\nThe link is for Alice."

    assert _email(text).acknowledge_link == link
    assert _email("Nothing to press here.").acknowledge_link is None


def test_what_lies_below_localhost_is_asked_of_this_machine() -> None:
    with pytest.raises(ConnectionRefusedError):
        browse.get("http://nowhere.execute-api.localhost:1/")


def test_without_a_checkout_it_says_where_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_file", lambda path: False)

    with pytest.raises(RefusedError, match="checkout"):
        Workspace.find()


def _email(text: str) -> Email:
    return Email(("alice@acme.example",), "subject", text, "", datetime(2026, 3, 2, tzinfo=UTC))


def test_a_traceback_is_told_by_its_last_line() -> None:
    lines = [
        "START RequestId: 1",
        "Traceback (most recent call last):",
        '  File "handler.py", line 1, in handler',
        "ValueError: no such thing",
        '{"level": "ERROR", "message": "also bad"}',
        '{"level": "INFO", "message": "fine"}',
        "2026-03-02 Task timed out after 10.00 seconds",
    ]
    events = [{"timestamp": number, "message": line} for number, line in enumerate(lines)]

    assert list(logs.complaints(events)) == [(3, lines[3]), (4, lines[4]), (6, lines[6])]
