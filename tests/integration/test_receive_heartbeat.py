"""What a job's call does and is answered: by key, method, action and run, and only once it is stored."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, a_monitor, after
from tests.support.envelopes import http_request
from tests.support.tables import DIRECTORY, MONITORING, REGION
from tocsin.domain.check_kinds import HeartbeatCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.heartbeat import Call, CallKind, Heartbeat
from tocsin.domain.heartbeat_key import key_of
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.pause import Pause
from tocsin.errors import ConflictError
from tocsin.settings import ReceiveHeartbeatSettings
from tocsin.stores import keys
from tocsin.stores.heartbeats import HeartbeatStore
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

SECRET = b"a secret of sixty-four letters"
DAILY = HeartbeatCheck(period=timedelta(days=1), grace=timedelta(hours=1))
RUN = "0f6e5c1e-4f5a-4b3c-9a57-0d8a5f1c2b3a"


def stored(monitor: Monitor) -> None:
    Table(DIRECTORY).save([Write.put(keys.entity("monitor", monitor.monitor_id), monitor)])


@pytest.fixture
def receive(load_function: LoadFunction) -> Any:
    secret = boto3.client("secretsmanager", region_name=REGION).create_secret(Name="key", SecretString=SECRET.decode())
    stored(a_monitor("backup", check=DAILY))
    stored(a_monitor("strict", check=DAILY.model_copy(update={"allow_get": False})))
    stored(a_monitor("shop"))
    settings = ReceiveHeartbeatSettings(
        directory_table=DIRECTORY, monitoring_table=MONITORING, heartbeat_key_secret=secret["ARN"]
    )
    function: Any = load_function("receive_heartbeat", settings)
    function.utc_now = lambda: NOON
    return function


def call(
    receive: Any, action: str = "", method: str = "POST", monitor_id: str = "backup", **request: Any
) -> tuple[int, str]:
    parameters = {"key": key_of(monitor_id, SECRET)} | ({"action": action} if action else {})
    answer = receive.handler(http_request(method, "/heartbeat/{key}", **parameters) | request, None)
    return answer["statusCode"], answer["body"].strip()


def known(monitor_id: str = "backup") -> Heartbeat:
    return HeartbeatStore(MONITORING).get(monitor_id)


def in_the_outbox() -> list[str]:
    items = boto3.client("dynamodb", region_name=REGION).scan(TableName=MONITORING)["Items"]
    return [item["detail_type"]["S"] for item in items if item["pk"]["S"].startswith(keys.OUTBOX_PREFIX)]


def due() -> list[str]:
    return [each.read().monitor_id for each in HeartbeatStore(MONITORING).overdue(after(days=400))]


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_a_call_is_stored_told_and_waited_for_again(receive: Any, method: str) -> None:
    assert call(receive, method=method) == (200, "OK")

    assert (known().state, known().called_at, known().version) == (MonitorState.UP, NOON, 1)
    assert in_the_outbox() == ["ObservationChanged"]
    store = HeartbeatStore(MONITORING)
    assert list(store.overdue(after(hours=24, minutes=59))) == []
    assert [each.read() for each in store.overdue(after(hours=25))] == [known()]


@pytest.mark.parametrize(
    ("action", "state", "message"),
    [
        pytest.param("start", None, "", id="a beginning"),
        pytest.param("fail", MonitorState.DOWN, "it reported a failure", id="a failure"),
        pytest.param("0", MonitorState.UP, "", id="exit code 0"),
        pytest.param("255", MonitorState.DOWN, "it ended with exit code 255", id="another exit code"),
    ],
)
def test_actions(receive: Any, action: str, state: MonitorState | None, message: str) -> None:
    assert call(receive, action) == (200, "OK")

    assert (known().state, known().message) == (state, message)
    assert due() == ([] if state is MonitorState.DOWN else ["backup"])


def test_a_run_is_measured_by_its_id(receive: Any) -> None:
    call(receive, "start", queryStringParameters={"rid": RUN})
    receive.utc_now = lambda: after(minutes=7)
    call(receive, queryStringParameters={"rid": RUN.upper()})

    assert (known().lasted, known().started_at) == (timedelta(minutes=7), None)


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        pytest.param({"body": "disk full"}, "disk full", id="text"),
        pytest.param({"body": b64encode(b"disk \xff").decode(), "isBase64Encoded": True}, "disk \ufffd", id="bytes"),
        pytest.param({"body": "x" * 10_001}, "x" * 10_000, id="no more than 10,000 bytes"),
    ],
)
def test_what_a_call_writes_is_kept(receive: Any, body: dict[str, Any], kept: str) -> None:
    call(receive, "3", **body)
    call(receive, "4")

    assert HeartbeatStore(MONITORING).last_written("backup") == Call(
        kind=CallKind.FAIL, at=NOON, exit_code=3, body=kept
    )


NO_ACTION = "there is no such action; use /start, /fail or an exit code from 0 to 255"
NO_RUN = "rid is not a UUID; use the same one for the start and the end of a run"
USE_POST = "call it with POST: scanners of links use GET, so here it does not count"


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        pytest.param({"action": "log"}, (404, NO_ACTION), id="an unknown action"),
        pytest.param({"action": "256"}, (404, NO_ACTION), id="no exit code"),
        pytest.param({"queryStringParameters": {"rid": "1"}}, (400, NO_RUN), id="a run id that is none"),
        pytest.param({"monitor_id": "strict", "method": "GET"}, (405, USE_POST), id="GET where it is refused"),
        pytest.param({"monitor_id": "strict", "method": "HEAD"}, (405, USE_POST), id="HEAD where GET is refused"),
        pytest.param({"monitor_id": "gone"}, (404, "the directory has no monitor 'gone'"), id="one that was removed"),
        pytest.param({"monitor_id": "shop"}, (404, "shop is not a heartbeat any more"), id="one that is checked now"),
    ],
)
def test_what_is_refused_changes_nothing(receive: Any, asked: dict[str, Any], answer: tuple[int, str]) -> None:
    assert call(receive, **asked) == answer

    assert (in_the_outbox(), due()) == ([], [])


@pytest.mark.parametrize("key", ["backup", "backup.", f"backup.{'A' * 22}", ".x", "é.x", key_of("backup", b"old")])
def test_a_key_that_is_not_ours_is_not_found(receive: Any, key: str) -> None:
    answer = receive.handler(http_request("POST", "/heartbeat/{key}", key=key), None)

    assert answer["statusCode"] == 404
    assert "`tocsin monitors heartbeats` prints their addresses" in answer["body"]


def test_where_get_is_refused_post_counts(receive: Any) -> None:
    assert call(receive, monitor_id="strict") == (200, "OK")


def test_a_paused_one_is_told_so_and_stays_as_it_is(receive: Any) -> None:
    Table(DIRECTORY).save([Write.put(keys.pause("backup"), Pause(monitor_id="backup", by="alice", at=NOON))])

    assert call(receive, "fail") == (200, "OK, but it is paused: the call does not count")
    assert (known().version, in_the_outbox()) == (0, [])


def test_a_lost_race_is_run_again(receive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    save, lost = HeartbeatStore.save, list[int]()

    def beaten(self: HeartbeatStore, *arguments: Any) -> None:
        if not lost:
            lost.append(1)
            save(self, known(), DAILY, ())
        save(self, *arguments)

    monkeypatch.setattr(HeartbeatStore, "save", beaten)

    assert call(receive) == (200, "OK")
    assert (known().state, known().version) == (MonitorState.UP, 2)


def test_what_cannot_be_stored_is_not_ok(receive: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any) -> None:
        raise ConflictError("monitoring: not now")

    monkeypatch.setattr(HeartbeatStore, "save", busy)

    assert call(receive) == (503, "monitoring: not now")
