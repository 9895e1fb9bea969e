"""A region that is suspect asks its witnesses, and holds its tongue until one answers or none does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self

from tocsin.domain.blindness import excused, failed_on_network, is_suspect
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.check_plan import PlannedCheck
from tocsin.domain.checks import CheckResult, Monitor
from tocsin.domain.shard_run import ShardRun

PUBLIC = (
    "https://connectivitycheck.gstatic.com/generate_204",
    "https://cp.cloudflare.com/generate_204",
    "http://captive.apple.com/hotspot-detect.html",
)
"""Where telephones ask whether they have a network, of three companies that share none."""
PATIENCE = timedelta(seconds=2)
"""All that a page may be later for it."""
GOOD_FOR = timedelta(seconds=10)
"""For so long after it what the witnesses said is taken to hold."""


def witnesses(urls: Iterable[str], endpoint: str | None) -> tuple[Monitor, ...]:
    """The monitors to ask: those of the file; else AWS itself where it has an address of its own; else public ones."""
    asked = tuple(urls) or ((endpoint,) if endpoint else PUBLIC)
    # No id in a file has a space in it.
    return tuple(
        Monitor(
            monitor_id=f"witness {url}", service_id="", check=HttpCheck(url=url, follow_redirects=0), timeout=PATIENCE
        )
        for url in asked
    )


@dataclass(frozen=True)
class Suspicion:
    """`witnesses` are by id, `to_check` is how many monitors the run checks.

    `found` is all that was found, before anything was excused; `withheld` waits for the witnesses.
    `blind` is what the witnesses said last, at `settled_at`; `was_blind` whether they ever said so.
    """

    witnesses: Mapping[str, Monitor]
    to_check: int
    found: tuple[CheckResult, ...] = ()
    waiting: frozenset[str] = frozenset()
    withheld: tuple[CheckResult, ...] = ()
    blind: bool = False
    settled_at: datetime | None = None
    was_blind: bool = False

    def about(self, result: CheckResult) -> bool:
        """Whether this failure may be the region's own."""
        if not failed_on_network(result):
            return False
        return self.holds(result.checked_at) or is_suspect(self.found, self.to_check)

    def holds(self, at: datetime) -> bool:
        """Whether what the witnesses said last still counts."""
        return self.settled_at is not None and at - self.settled_at <= GOOD_FOR

    def to_ask(self, result: CheckResult) -> tuple[PlannedCheck, ...]:
        """The witnesses, when it was this result that made them needed."""
        if self.withheld != (result,):
            return ()
        return tuple(PlannedCheck(result.checked_at, witness) for witness in self.witnesses.values())

    def settled(self, at: datetime, *, blind: bool) -> Self:
        return replace(
            self,
            waiting=frozenset(),
            withheld=(),
            blind=blind,
            settled_at=at,
            was_blind=self.was_blind or blind,
        )


def weigh(run: ShardRun, suspicion: Suspicion, result: CheckResult) -> tuple[ShardRun, Suspicion]:
    """What a result of a monitor, or of a witness, makes of a run. Those who are newly `waiting` are to be asked."""
    if result.monitor_id in suspicion.witnesses:
        return _testified(run, suspicion, result)
    suspicion = replace(suspicion, found=(*suspicion.found, result))
    if not suspicion.about(result):
        return run.observe(result), suspicion
    if suspicion.waiting or not suspicion.holds(result.checked_at):
        waiting = suspicion.waiting or frozenset(suspicion.witnesses)
        return run, replace(suspicion, waiting=waiting, withheld=(*suspicion.withheld, result))
    return run.observe(excused(result) if suspicion.blind else result), suspicion


def _testified(run: ShardRun, suspicion: Suspicion, result: CheckResult) -> tuple[ShardRun, Suspicion]:
    """Any answer will do, were it a refusal: the network is there. When none comes, earlier failures are excused."""
    if result.monitor_id not in suspicion.waiting:
        return run, suspicion
    if result.status is None and suspicion.waiting != {result.monitor_id}:
        return run, replace(suspicion, waiting=suspicion.waiting - {result.monitor_id})
    blind = result.status is None
    run = run.taken_back(excused) if blind else run
    for withheld in suspicion.withheld:
        run = run.observe(excused(withheld) if blind else withheld)
    return run, suspicion.settled(result.checked_at, blind=blind)
