"""Applying a directory: whole, told, repeatable, and by one at a time."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import boto3
import pytest

from tests.support.builders import NOON, a_monitor, a_person, a_policy, a_service, after
from tests.support.tables import DIRECTORY
from tocsin.domain import sharding
from tocsin.domain.check_kinds import HeartbeatCheck, HttpCheck
from tocsin.domain.checks import Monitor
from tocsin.domain.directory import Directory, Regions
from tocsin.domain.events import DirectoryApplied, HeartbeatRescheduled, MonitorDoubted, MonitorPaused, MonitorRemoved
from tocsin.domain.pause import Pause
from tocsin.domain.people import Organization
from tocsin.domain.placement import Placement
from tocsin.errors import ConflictError, NotFoundError, RefusedError, TocsinError
from tocsin.stores import batch, shard_batches
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.directory_writer import DirectoryWriter
from tocsin.stores.table import Table

pytestmark = pytest.mark.usefixtures("tables")
PROBES = ("eu-west-1", "us-east-1")


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few monitors need several shards, and these several transactions."""
    monkeypatch.setattr(sharding, "MOST_MONITORS", 4)
    monkeypatch.setattr(shard_batches, "MOVES", 2)
    monkeypatch.setattr(batch, "MOST_WRITES", 5)


def a_directory(monitors: int = 1, probes: tuple[str, ...] = PROBES, **fields: object) -> Directory:
    given = [a_monitor(f"monitor-{number:04d}") for number in range(monitors)]
    return Directory(
        organization=Organization(name="Acme"),
        regions=Regions(home="eu-west-1", probes=probes),
        people={name: a_person(name) for name in ("alice", "bob")},
        escalation_policies={"default": a_policy()},
        services={"web": a_service()},
        monitors={monitor.monitor_id: monitor for monitor in given},
    ).model_copy(update=fields)


def apply(directory: Directory) -> tuple[str, ...]:
    return DirectoryWriter(DIRECTORY).apply(directory, NOON)


def store() -> DirectoryStore:
    return DirectoryStore(DIRECTORY)


def told() -> list[DirectoryApplied]:
    return [DirectoryApplied.model_validate_json(detail) for detail in in_the_outbox("DirectoryApplied")]


def in_the_outbox(detail_type: str) -> list[str]:
    items = boto3.client("dynamodb").scan(TableName=DIRECTORY)["Items"]
    return [item["detail"]["S"] for item in items if item.get("detail_type") == {"S": detail_type}]


def names_told() -> set[str]:
    return {name for event in told() for name in event.changed}


def checked(region: str) -> dict[str, Monitor]:
    """What the shards that are listed for a region hold, each monitor once."""
    shards = [store().shard(region, shard_id) for shard_id in store().shard_ids(region)]
    monitors = [monitor for shard in shards for monitor in shard.monitors]
    assert len({monitor.monitor_id for monitor in monitors}) == len(monitors)
    return {monitor.monitor_id: monitor for monitor in monitors}


def assert_stored(directory: Directory) -> None:
    """The table says what the directory says, in every part."""
    assert store().read_all() == directory
    for region in directory.regions.probes:
        assert checked(region) == directory.monitors
        assert tuple(shard.shard_id for shard in store().shards(region)) == store().shard_ids(region)
        for shard in store().shards(region):
            for monitor in shard.monitors:
                placement = Placement(monitor_id=monitor.monitor_id, region=region, shard_id=shard.shard_id)
                assert placement in store().placements(monitor.monitor_id)
    for monitor_id in directory.monitors:
        assert tuple(placement.region for placement in store().placements(monitor_id)) == tuple(
            sorted(directory.regions.probes)
        )


def test_nothing_is_there_before_the_first_apply() -> None:
    assert store().read_all() is None
    assert store().shard_ids("eu-west-1") == ()
    with pytest.raises(NotFoundError, match="person 'alice'"):
        store().person("alice")


def test_everything_is_stored_and_told() -> None:
    directory = a_directory(monitors=2)

    changed = apply(directory)

    assert_stored(directory)
    assert store().person("alice") == directory.people["alice"]
    assert store().service("web") == directory.services["web"]
    assert store().escalation_policy("default") == directory.escalation_policies["default"]
    assert store().monitor("monitor-0000") == directory.monitors["monitor-0000"]
    assert set(changed) == names_told() >= {"person/alice", "service/web", "monitor/monitor-0001", "regions/regions"}


def test_a_second_time_changes_nothing_and_says_nothing() -> None:
    apply(a_directory())
    before = boto3.client("dynamodb").scan(TableName=DIRECTORY)["Items"]

    changed = apply(a_directory())

    assert changed == ()
    assert boto3.client("dynamodb").scan(TableName=DIRECTORY)["Items"] == before


def test_a_change_is_told_by_name_and_reaches_the_shards() -> None:
    apply(a_directory(monitors=2))
    changed_monitor = a_monitor("monitor-0001", check=HttpCheck(url="http://elsewhere.acme.example/"))
    directory = a_directory(monitors=2)
    directory = directory.model_copy(update={"monitors": directory.monitors | {"monitor-0001": changed_monitor}})

    changed = apply(directory)

    assert changed == ("monitor/monitor-0001",)
    assert_stored(directory)


def test_what_is_no_longer_in_the_file_goes() -> None:
    apply(a_directory(monitors=3))
    directory = a_directory(monitors=1, people={"alice": a_person("alice")})

    changed = apply(directory)

    assert set(changed) == {"person/bob", "monitor/monitor-0001", "monitor/monitor-0002"}
    assert_stored(directory)
    assert store().placements("monitor-0002") == ()


def test_a_monitor_that_goes_is_told_by_itself() -> None:
    apply(a_directory(monitors=2))

    apply(a_directory(monitors=1))

    removed = MonitorRemoved(occurred_at=NOON, monitor_id="monitor-0001")
    assert in_the_outbox("MonitorRemoved") == [removed.model_dump_json()]


def test_without_monitors_there_are_no_shards() -> None:
    apply(a_directory(monitors=3))

    apply(a_directory(monitors=0))

    assert store().shard_ids("eu-west-1") == ()
    assert store().shards("eu-west-1") == ()
    assert store().placements("monitor-0000") == ()


def test_a_region_that_no_longer_probes_has_no_shards() -> None:
    apply(a_directory())

    apply(a_directory(probes=("us-east-1",)))

    assert store().shards("eu-west-1") == ()
    assert store().shard_ids("eu-west-1") == ()
    assert_stored(a_directory(probes=("us-east-1",)))


def test_private_targets_reach_the_shards() -> None:
    apply(a_directory())
    regions = Regions(home="eu-west-1", probes=PROBES, allow_private_targets=True)

    apply(a_directory(regions=regions))

    assert [shard.allow_private_targets for shard in store().shards("eu-west-1")] == [True]


def test_many_monitors_are_in_several_shards() -> None:
    apply(a_directory(monitors=10))

    apply(a_directory(monitors=9))

    assert_stored(a_directory(monitors=9))
    assert [len(shard.monitors) for shard in store().shards("eu-west-1")] == [3, 3, 3]


# a crash in the middle ----------------------------------------------------------------------------


class Crashed(BaseException):
    pass


@pytest.fixture
def crash_after(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """The process ends after so many transactions."""
    save = Table.save

    def crash(transactions: int) -> None:
        numbers = count()

        def saved(self: Table, *arguments: object) -> None:
            if next(numbers) == transactions:
                raise Crashed
            save(self, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Table, "save", saved)

    yield crash
    monkeypatch.setattr(Table, "save", save)


@pytest.mark.parametrize("transactions", range(8))
def test_after_a_crash_applying_again_does_the_rest(transactions: int, crash_after: Callable[[int], None]) -> None:
    directory = a_directory(monitors=6)
    crash_after(transactions)

    with pytest.raises(Crashed):
        apply(directory)
    crash_after(1000)
    changed = apply(directory)

    assert changed
    assert_stored(directory)
    assert names_told() >= {"person/alice", *(f"monitor/{monitor_id}" for monitor_id in directory.monitors)}


@pytest.mark.parametrize("transactions", range(3))
def test_a_crash_while_a_region_goes_leaves_nothing_behind(
    transactions: int, crash_after: Callable[[int], None]
) -> None:
    apply(a_directory(monitors=6))
    crash_after(transactions)

    with pytest.raises(Crashed):
        apply(a_directory(monitors=6, probes=("us-east-1",)))
    crash_after(1000)
    apply(a_directory(monitors=6, probes=("us-east-1",)))

    assert store().shards("eu-west-1") == ()
    assert_stored(a_directory(monitors=6, probes=("us-east-1",)))


# two at once --------------------------------------------------------------------------------------


@pytest.mark.parametrize("transactions", range(3))
def test_of_two_at_once_one_is_refused(transactions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    save, numbers = Table.save, count()
    theirs = a_directory(monitors=6, people={"carol": a_person("carol")})

    def saved(self: Table, *arguments: object) -> None:
        if next(numbers) == transactions:
            monkeypatch.setattr(Table, "save", save)
            apply(theirs)
        save(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Table, "save", saved)

    with pytest.raises(ConflictError):
        apply(a_directory(monitors=6))

    assert_stored(theirs)


# pause and resume ---------------------------------------------------------------------------------


def a_pause(monitor_id: str = "monitor-0001", **fields: Any) -> Pause:
    defaults: dict[str, Any] = {"by": "alice", "at": after(minutes=5), "reason": "moving house"}
    return Pause(monitor_id=monitor_id, **(defaults | fields))


def test_a_paused_monitor_leaves_the_shards_and_is_told_by_itself() -> None:
    apply(a_directory(monitors=3))

    DirectoryWriter(DIRECTORY).pause(a_pause())

    assert checked("eu-west-1").keys() == {"monitor-0000", "monitor-0002"} == checked("us-east-1").keys()
    assert store().placements("monitor-0001") == ()
    assert [store().monitor(f"monitor-000{number}").paused for number in range(3)] == [False, True, False]
    assert [each.paused for each in store().monitors()] == [False, True, False]
    assert store().watched("monitor-0001") is None
    assert in_the_outbox("MonitorPaused") == [
        MonitorPaused(occurred_at=after(minutes=5), monitor_id="monitor-0001").model_dump_json()
    ]


def test_a_pause_outlives_apply_and_is_no_change_to_the_file() -> None:
    apply(a_directory(monitors=3))
    DirectoryWriter(DIRECTORY).pause(a_pause())

    assert apply(a_directory(monitors=3)) == ()
    assert apply(a_directory(monitors=4)) == ("monitor/monitor-0003",)
    assert store().read_all() == a_directory(monitors=4)
    assert checked("eu-west-1").keys() == {"monitor-0000", "monitor-0002", "monitor-0003"}


def test_a_resumed_monitor_is_checked_again() -> None:
    apply(a_directory(monitors=3))
    DirectoryWriter(DIRECTORY).pause(a_pause())

    resumed = DirectoryWriter(DIRECTORY).resume("monitor-0001", after(minutes=9))

    assert resumed == a_monitor("monitor-0001")
    assert store().pauses() == {}
    assert_stored(a_directory(monitors=3))
    asked = [MonitorDoubted.model_validate_json(detail) for detail in in_the_outbox("MonitorDoubted")]
    assert [each.monitor_id for each in asked if each.occurred_at == after(minutes=9)] == ["monitor-0001"]


def test_who_paused_it_is_told_to_the_next_who_tries() -> None:
    apply(a_directory(monitors=2))
    DirectoryWriter(DIRECTORY).pause(a_pause())

    said = "monitor-0001 is paused by alice since 2026-03-02 12:05 UTC, not by the file: moving house"
    with pytest.raises(RefusedError, match=said):
        DirectoryWriter(DIRECTORY).pause(a_pause(by="bob"))


@pytest.mark.parametrize(
    ("monitor_id", "said"),
    [
        pytest.param("monitor-0000", "monitor-0000 is not paused", id="not paused"),
        pytest.param("monitor-0001", "is paused by the file; take `paused: true` out and apply", id="by the file"),
        pytest.param("gone", "no monitor 'gone' has been applied; there are monitor-0000", id="not there"),
    ],
)
def test_what_cannot_be_resumed(monitor_id: str, said: str) -> None:
    monitors = {each.monitor_id: each for each in (a_monitor("monitor-0000"), a_monitor("monitor-0001", paused=True))}
    apply(a_directory().model_copy(update={"monitors": monitors}))

    with pytest.raises(TocsinError, match=said):
        DirectoryWriter(DIRECTORY).resume(monitor_id, NOON)


def test_a_monitor_that_leaves_the_file_takes_its_pause_with_it() -> None:
    apply(a_directory(monitors=2))
    DirectoryWriter(DIRECTORY).pause(a_pause())

    apply(a_directory(monitors=1))
    apply(a_directory(monitors=2))

    assert_stored(a_directory(monitors=2))


def with_monitor(monitor: Monitor) -> Directory:
    return a_directory().model_copy(update={"monitors": {monitor.monitor_id: monitor}})


def test_a_monitor_paused_in_the_file_is_not_checked_and_told_once() -> None:
    apply(with_monitor(a_monitor()))
    apply(with_monitor(a_monitor(paused=True)))
    apply(with_monitor(a_monitor(paused=True, service_id="web", timeout=timedelta(seconds=5))))

    assert store().shard_ids("eu-west-1") == ()
    assert len(in_the_outbox("MonitorPaused")) == 1


def test_a_heartbeat_is_in_no_shard_and_its_new_times_are_told() -> None:
    daily = HeartbeatCheck(period=timedelta(days=1))
    apply(with_monitor(a_monitor(check=daily)))
    apply(with_monitor(a_monitor(check=daily, depends_on=())))
    apply(with_monitor(a_monitor(check=daily.model_copy(update={"grace": timedelta(minutes=5)}))))

    assert store().shard_ids("eu-west-1") == ()
    assert in_the_outbox("HeartbeatRescheduled") == [
        HeartbeatRescheduled(occurred_at=NOON, monitor_id="shop").model_dump_json()
    ]
