"""A shard's run: real checks of a peer on loopback, and what of it is saved."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from types import ModuleType
from typing import Any

import boto3
import pytest
from pydantic import ValidationError

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, a_monitor
from tests.support.checks import REGION, down, told, up
from tests.support.envelopes import queued
from tests.support.hostile_server import HostileServer, refusing_port
from tests.support.tables import DIRECTORY, MONITORING
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.check_plan import ShardDue, planned_checks
from tocsin.domain.checks import Confirmation, Monitor, Shard
from tocsin.domain.events import ObservationChanged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import RegionView
from tocsin.domain.shard_run import ShardRun
from tocsin.publishers.check_queue import sqs
from tocsin.settings import RunChecksSettings
from tocsin.stores import keys
from tocsin.stores.region_views import RegionViews
from tocsin.stores.table import Table, Write, dynamodb

pytestmark = pytest.mark.usefixtures("tables")

EARLY = timedelta(milliseconds=100)


@pytest.fixture
def queue_url() -> str:
    return boto3.client("sqs").create_queue(QueueName="checks.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]


@pytest.fixture
def function(load_function: LoadFunction, queue_url: str) -> ModuleType:
    settings = RunChecksSettings(
        home_region=REGION, check_queue_url=queue_url, directory_table=DIRECTORY, monitoring_table=MONITORING
    )
    return load_function("run_checks", settings)


@pytest.fixture
def shop() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


def early_monitors(number: int) -> list[str]:
    """Ids whose turn comes right at the beginning of a minute, so that nobody waits for them."""
    names = (f"shop-{n}" for n in count())
    return list(
        islice((name for name in names if planned_checks([a_monitor(name)], NOON, NOON)[0].at < NOON + EARLY), number)
    )


SHOP, DB = early_monitors(2)


def watched(shop: HostileServer, monitor_id: str = SHOP, path: str = "/", **fields: Any) -> Monitor:
    return a_monitor(monitor_id, check=HttpCheck(url=shop.url(path)), timeout=timedelta(seconds=20), **fields)


def placed(*monitors: Monitor, **fields: Any) -> Shard:
    shard = Shard(region=REGION, shard_id="s1", monitors=monitors, **({"allow_private_targets": True} | fields))
    Table(DIRECTORY).save([Write.put(keys.shard(REGION, "s1"), shard)])
    return shard


def due(minutes_ago: int = 0, shard: Shard | None = None) -> ShardDue:
    """As the clock says it, up to a minute after the minute began; or for a minute before or after."""
    minute = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=minutes_ago)
    return ShardDue(region=REGION, shard_id="s1", minute=minute, fingerprint=shard.fingerprint if shard else "unknown")


def run(function: ModuleType, message: ShardDue) -> None:
    function.handler(queued(message.model_dump_json(), sent_at=datetime.now(UTC)), None)


def view() -> RegionView:
    return RegionViews(MONITORING).get(REGION, "s1")


def states() -> dict[str, MonitorState | None]:
    return {name: known.state for name, known in view().monitors.items()}


def said() -> list[tuple[str, MonitorState, str]]:
    """What the outbox tells the other functions, in the order of time."""
    items = boto3.client("dynamodb").scan(TableName=MONITORING)["Items"]
    details = [item["detail"]["S"] for item in items if item["pk"]["S"].startswith(keys.OUTBOX_PREFIX)]
    events = sorted(
        (ObservationChanged.model_validate_json(each) for each in details), key=lambda event: event.occurred_at
    )
    return [(event.monitor_id, event.state, event.message) for event in events]


def test_what_is_up_is_known_to_be_up(function: ModuleType, shop: HostileServer) -> None:
    placed(watched(shop))
    message = due()

    run(function, message)

    assert states() == {SHOP: MonitorState.UP}
    assert said() == [(SHOP, MonitorState.UP, "")]
    assert (view().minute, view().version) == (message.minute, 1)
    (result,) = RegionViews(MONITORING).results(REGION, "s1", message.minute)
    assert (result.monitor_id, result.status) == (SHOP, 200)


def test_a_failure_is_checked_again_and_told_within_the_same_run(function: ModuleType, shop: HostileServer) -> None:
    placed(watched(shop, path="/unavailable"))

    run(function, due())

    assert states() == {SHOP: MonitorState.DOWN}
    assert said() == [(SHOP, MonitorState.DOWN, 'Status 503 instead of 200-299, with the body "the database is down"')]
    assert shop.connections == 2


def test_a_monitor_that_is_down_is_not_checked_again_and_recovers(function: ModuleType, shop: HostileServer) -> None:
    placed(watched(shop, confirm=Confirmation(failures=2, recoveries=1)))
    known, _ = told([down(-2, SHOP), down(0, SHOP)], a_monitor(SHOP))
    RegionViews(MONITORING).save(known, [], [], minute=NOON, now=NOON)

    run(function, due())

    assert states() == {SHOP: MonitorState.UP}
    assert said() == [(SHOP, MonitorState.UP, "")]
    assert shop.connections == 1


def test_a_copy_of_the_message_checks_nothing(function: ModuleType, shop: HostileServer) -> None:
    placed(watched(shop))
    message = due()

    run(function, message)
    run(function, message)

    assert shop.connections == 1
    assert view().version == 1


def test_a_message_that_is_too_old_is_dropped(function: ModuleType, shop: HostileServer) -> None:
    placed(watched(shop))

    run(function, due(minutes_ago=3))

    assert shop.connections == 0
    assert said() == []


def test_a_shard_that_was_removed_meanwhile_is_no_failure(function: ModuleType) -> None:
    run(function, due())

    assert view().version == 0
    assert said() == []


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that is asked of AWS."""
    asked: list[str] = []
    for client in (dynamodb(REGION), sqs()):
        client.meta.events.register("before-call", lambda model, **_: asked.append(model.name))
    return asked


def test_a_quiet_minute_costs_one_read_and_one_write(
    function: ModuleType, shop: HostileServer, calls: list[str]
) -> None:
    shard = placed(watched(shop), watched(shop, DB))
    run(function, due(0, shard))
    calls.clear()

    run(function, due(-1, shard))

    assert calls == ["Query", "PutItem"]
    assert len(said()) == 2, "by the first of the two"


def test_a_shard_that_changed_is_read_again(function: ModuleType, shop: HostileServer, calls: list[str]) -> None:
    run(function, due(0, placed(watched(shop))))
    calls.clear()

    run(function, due(-1, placed(watched(shop), watched(shop, DB))))

    assert calls[:2] == ["GetItem", "Query"]
    assert set(states()) == {SHOP, DB}


def test_a_shard_that_is_not_yet_what_was_asked_for_is_not_remembered(
    function: ModuleType, shop: HostileServer
) -> None:
    on_the_way = placed(watched(shop))
    wanted = on_the_way.model_copy(update={"monitors": (*on_the_way.monitors, watched(shop, DB))})
    run(function, due(0, wanted))
    placed(*wanted.monitors)

    run(function, due(-1, wanted))

    assert set(states()) == {SHOP, DB}


def test_more_changes_than_a_transaction_holds_are_all_told(function: ModuleType, shop: HostileServer) -> None:
    names = [f"shop-{number}" for number in range(130)]
    placed(*(watched(shop, name) for name in names))

    run(function, due())

    assert states() == dict.fromkeys(names, MonitorState.UP)
    assert sorted(said()) == sorted((name, MonitorState.UP, "") for name in names)


def test_a_private_target_is_refused_unless_the_region_admits_it(function: ModuleType, shop: HostileServer) -> None:
    placed(watched(shop, confirm=Confirmation(failures=1)), allow_private_targets=False)

    run(function, due())

    ((_, state, message),) = said()
    assert state is MonitorState.DOWN
    assert message.endswith("a private address; these are checked only where allow_private_targets is set")
    assert shop.connections == 0


def test_the_runtime_api_is_refused_everywhere(
    function: ModuleType, shop: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", f"127.0.0.1:{shop.port}")
    placed(watched(shop, confirm=Confirmation(failures=1)))

    run(function, due())

    assert states() == {SHOP: MonitorState.DOWN}
    assert shop.connections == 0


def unreachable(port: int) -> list[Monitor]:
    return [a_monitor(name, check=HttpCheck(url=f"http://127.0.0.1:{port}/")) for name in early_monitors(4)]


def test_a_region_that_reaches_nobody_abstains_and_says_so(
    function: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with refusing_port() as port:
        placed(*unreachable(port), witnesses=(f"http://127.0.0.1:{port}/",))
        run(function, due())

    assert said() == []
    assert set(states().values()) <= {None}
    (told,) = (json.loads(line) for line in capsys.readouterr().out.splitlines() if "BlindRegion" in line)
    assert (told["service"], told["BlindRegion"]) == ("run_checks", [1.0])


def test_a_region_is_blind_with_the_one_monitor_that_is_due_as_with_all(function: ModuleType) -> None:
    """Of a shard that is checked daily but for one, there is but one in most minutes."""
    with refusing_port() as port:
        often, *seldom = unreachable(port)
        daily = [each.model_copy(update={"every": timedelta(days=1)}) for each in seldom]
        placed(often, *daily, witnesses=(f"http://127.0.0.1:{port}/",))
        run(function, due())

    assert said() == []


def test_a_region_whose_witness_answers_is_believed_within_seconds(
    function: ModuleType, shop: HostileServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with refusing_port() as port:
        placed(*unreachable(port), witnesses=(f"http://127.0.0.1:{port}/", shop.url("/unavailable")))
        run(function, due())

    assert [(name, state) for name, state, _ in said()] == [(name, MonitorState.DOWN) for name, _, _ in said()]
    assert len(said()) == 4
    assert "BlindRegion" not in capsys.readouterr().out


def test_the_embedded_stack_asks_the_emulator(
    function: ModuleType, shop: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with refusing_port() as port:
        placed(*unreachable(port))
        message = due()
        function.views(), function.shards()
        with monkeypatch.context() as embedded:
            embedded.setenv("AWS_ENDPOINT_URL", shop.url())
            run(function, message)

    assert len(said()) == 4
    assert shop.connections == 1


# What runs into each other ------------------------------------------------------------------------


def a_run(found: RegionView, *results: Any) -> ShardRun:
    shard = Shard(region=REGION, shard_id="s1", monitors=(a_monitor("shop"), a_monitor("db")))
    message = ShardDue(region=REGION, shard_id="s1", minute=NOON, fingerprint="unknown")
    begun = ShardRun.of(message, shard, found)
    for result in results:
        begun = begun.observe(result)
    return begun


def test_of_two_runs_of_the_same_minute_one_counts(function: ModuleType) -> None:
    found = view()
    first, copy = a_run(found, up(1)), a_run(found, down(2), down(4))
    function.save(first)

    beaten = function.save(copy)

    assert beaten.superseded
    assert states() == {"shop": MonitorState.UP}
    assert said() == [("shop", MonitorState.UP, "")]
    assert RegionViews(MONITORING).results(REGION, "s1", NOON) == [up(1)]


def test_a_worker_that_was_killed_in_the_middle_has_told_what_it_saved_and_is_not_run_again(
    function: ModuleType, shop: HostileServer
) -> None:
    shard = placed(watched(shop), watched(shop, DB))
    message = due(0, shard)
    begun = ShardRun.of(message, shard, view()).observe(up(1, SHOP))
    function.save(begun)

    run(function, message)

    assert said() == [(SHOP, MonitorState.UP, "")]
    assert shop.connections == 0


def test_a_worker_that_was_killed_before_it_saved_is_run_again(function: ModuleType, shop: HostileServer) -> None:
    shard = placed(watched(shop))
    ShardRun.of(due(0, shard), shard, view()).observe(up(1, SHOP))

    run(function, due(0, shard))

    assert states() == {SHOP: MonitorState.UP}


def test_a_run_that_fails_gives_its_message_back_at_once(function: ModuleType, queue_url: str) -> None:
    client = boto3.client("sqs")
    client.send_message(QueueUrl=queue_url, MessageBody="?", MessageGroupId="s1", MessageDeduplicationId="1")
    (taken,) = client.receive_message(QueueUrl=queue_url)["Messages"]

    with pytest.raises(ValidationError):
        function.handler(queued("?", receipt=taken["ReceiptHandle"]), None)

    (again,) = client.receive_message(QueueUrl=queue_url)["Messages"]
    assert again["MessageId"] == taken["MessageId"]


def test_a_run_that_ends_after_its_minute_says_how_long_its_successor_waited(
    function: ModuleType, shop: HostileServer, capsys: pytest.CaptureFixture[str]
) -> None:
    message = due(0, placed(watched(shop))).model_dump_json()

    function.handler(queued(message, sent_at=datetime.now(UTC)), None)
    assert "Overrun" not in capsys.readouterr().out

    function.handler(queued(message, sent_at=datetime.now(UTC) - timedelta(seconds=90)), None)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "Overrun" in line]
    assert [(each["service"], each["Overrun"][0] > 29) for each in told] == [("run_checks", True)]


def test_a_secret_of_a_monitor_is_read_from_the_home_region(function: ModuleType, shop: HostileServer) -> None:
    boto3.client("secretsmanager", region_name=REGION).create_secret(Name="tocsin/token", SecretString="abc\n")
    known, unknown = ({"X-Key": {"secret": name}} for name in ("token", "absent"))
    checks = [HttpCheck.model_validate({"url": shop.url(), "headers": headers}) for headers in (known, unknown)]
    message = due(0, placed(a_monitor(SHOP, check=checks[0]), a_monitor(DB, check=checks[1])))

    run(function, message)

    assert states() == {SHOP: MonitorState.UP}
    assert [request.headers["x-key"] for request in shop.requests] == ["abc"]
