"""What `tocsin apply` and a first minute leave behind: shards, and regions that have found every monitor up."""

from datetime import datetime

from tests.support.tables import DIRECTORY, MONITORING
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import CheckResult, CheckState, Monitor, Shard
from tocsin.domain.directory import Regions
from tocsin.domain.placement import ShardList
from tocsin.domain.region_view import RegionView, observe
from tocsin.domain.sharding import deal
from tocsin.stores import keys
from tocsin.stores.region_views import RegionViews
from tocsin.stores.table import Table, Write


def seed(monitors: int, regions: tuple[str, ...], at: datetime) -> int:
    """Each monitor is checked once a minute from each region, and nothing else is to be done. The shards of a region.

    Written item by item: moto copies all it has for each transaction.
    """
    table = Table(DIRECTORY)
    table.put(Write.put(keys.entity("regions", "regions"), Regions(home=regions[0], probes=regions)))
    dealt = deal(monitors_of(monitors), {})
    for region in regions:
        shards = [Shard(region=region, shard_id=shard_id, monitors=found) for shard_id, found in dealt.items()]
        fingerprints = {shard.shard_id: shard.fingerprint for shard in shards}
        table.put(Write.put(keys.shard_list(region), ShardList(region=region, fingerprints=fingerprints)))
        for shard in shards:
            table.put(Write.put(keys.shard(region, shard.shard_id), shard))
            _found_up(shard, at)
    return len(dealt)


def monitors_of(number: int) -> list[Monitor]:
    names = (f"monitor-{index:05d}" for index in range(number))
    return [
        Monitor(monitor_id=name, service_id="web", check=HttpCheck(url=f"https://{name}.acme.example/health"))
        for name in names
    ]


def _found_up(shard: Shard, at: datetime) -> None:
    view = RegionView(region=shard.region, shard_id=shard.shard_id)
    results = [
        CheckResult(monitor_id=monitor.monitor_id, checked_at=at, state=CheckState.UP, status=200)
        for monitor in shard.monitors
    ]
    for monitor, result in zip(shard.monitors, results, strict=True):
        view, _ = observe(view, result, monitor)
    RegionViews(MONITORING).save(view, results, [], minute=at, now=at)
