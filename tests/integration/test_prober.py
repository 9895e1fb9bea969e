"""Many checks at once in one loop: they end in their own time, and the checker's faults are not the targets'."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import NOON, a_monitor, after
from tests.support.counting_server import CountingServer
from tests.support.hostile_server import HostileServer, refusing_port
from tests.support.imports import ROOT
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.check_plan import PlannedCheck
from tocsin.domain.checks import CheckResult, CheckState, Monitor
from tocsin.domain.targets import TargetRules
from tocsin.probes.agenda import Agenda
from tocsin.probes.crowds import PER_HOST
from tocsin.probes.prober import STALL, Ended, Prober

RULES = TargetRules(allow_private=True)
LONG = timedelta(seconds=30)


@pytest.fixture(scope="module")
def prober() -> Prober:
    return Prober()


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


def watching(url: str, monitor_id: str = "shop", timeout: timedelta = LONG) -> Monitor:
    return a_monitor(monitor_id, check=HttpCheck(url=url), timeout=timeout)


def results(batches: Any) -> list[tuple[str, str, str]]:
    ended: list[Ended] = [each for batch in batches for each in batch]
    return [(each.result.monitor_id, each.result.state.value, each.result.message) for each in ended]


def test_each_check_begins_at_its_time(prober: Prober, server: HostileServer) -> None:
    checks = [
        PlannedCheck(after(seconds=0.3), watching(server.url(), "late")),
        PlannedCheck(NOON, watching(server.url())),
    ]

    batches = list(prober.run(Agenda(checks), now=NOON, until=after(seconds=30), rules=RULES))

    first, second = (ended.result for batch in batches for ended in batch)
    assert (first.monitor_id, second.monitor_id) == ("shop", "late")
    assert second.checked_at >= after(seconds=0.3)


def test_checks_may_be_added_while_others_run(prober: Prober, server: HostileServer) -> None:
    agenda = Agenda([PlannedCheck(NOON, watching(server.url()))])
    found = []

    for batch in prober.run(agenda, now=NOON, until=after(seconds=30), rules=RULES):
        found += batch
        if len(found) < 3:
            agenda.add(PlannedCheck(batch[0].result.checked_at, watching(server.url()), is_recheck=True))

    assert [ended.check.is_recheck for ended in found] == [False, True, True]


def test_what_still_runs_at_the_end_is_inconclusive_and_what_has_not_begun_is_left_out(
    prober: Prober, server: HostileServer
) -> None:
    silent, later = watching(server.url("/silent")), watching(server.url(), "later")
    agenda = Agenda([PlannedCheck(NOON, silent), PlannedCheck(after(seconds=60), later)])

    batches = prober.run(agenda, now=NOON, until=after(seconds=0.3), rules=RULES)

    message = "The checker itself failed: the run ended before the check did"
    assert results(batches) == [("shop", "inconclusive", message)]


def test_a_caller_who_leaves_early_leaves_nothing_behind(prober: Prober, server: HostileServer) -> None:
    agenda = Agenda(
        [PlannedCheck(NOON, watching(server.url())), PlannedCheck(NOON, watching(server.url("/silent"), "slow"))]
    )
    batches = prober.run(agenda, now=NOON, until=after(seconds=30), rules=RULES)
    next(batches)

    batches.close()

    assert results(prober.run(Agenda(), now=NOON, until=after(seconds=30), rules=RULES)) == []


def test_a_caller_who_takes_too_long_is_not_the_targets_fault(prober: Prober, server: HostileServer) -> None:
    impatient = watching(server.url("/silent"), "impatient", timeout=timedelta(milliseconds=200))
    agenda = Agenda([PlannedCheck(NOON, watching(server.url())), PlannedCheck(NOON, impatient)])

    found: dict[str, CheckResult] = {}
    for batch in prober.run(agenda, now=NOON, until=after(seconds=30), rules=RULES):
        found |= {ended.result.monitor_id: ended.result for ended in batch}
        _be_busy_for(STALL + timedelta(milliseconds=100))

    assert found["shop"].state is CheckState.UP
    assert found["impatient"].state is CheckState.INCONCLUSIVE


def test_250_checks_of_which_some_hang_do_not_disturb_each_other(prober: Prober, server: HostileServer) -> None:
    with refusing_port() as port:
        patient = [f"http://127.0.0.1:{port}/"] * 25 + [server.url()] * 200
        hanging = [watching(server.url("/silent"), f"h{number}", timeout=timedelta(seconds=1)) for number in range(25)]
        monitors = [*hanging, *(watching(url, f"m{number}") for number, url in enumerate(patient))]
        found = prober.check_all(monitors, now=NOON, rules=RULES)

    states = Counter((result.state.value, *(failure.expect for failure in result.failures)) for result in found)
    assert states == {("up",): 200, ("down", "connect"): 25, ("down", "timeout"): 25}


def test_a_hundred_checks_of_one_host_never_crowd_it(prober: Prober) -> None:
    with CountingServer() as server:
        monitors = [watching(server.url, f"m{number}", timeout=timedelta(seconds=20)) for number in range(100)]
        found = prober.check_all(monitors, now=NOON, rules=RULES)

    assert Counter(result.state for result in found) == {CheckState.UP: 100}
    assert server.most_at_once == PER_HOST


def test_waiting_for_others_of_the_host_counts_neither_as_latency_nor_for_the_time_out(server: HostileServer) -> None:
    patient = [watching(server.url("/silent"), f"m{number}", timeout=timedelta(seconds=1)) for number in range(3)]

    found = Prober(per_host=1).check_all(patient, now=NOON, rules=RULES)

    assert [result.monitor_id for result in found] == ["m0", "m1", "m2"]
    assert {failure.expect for result in found for failure in result.failures} == {"timeout"}
    assert found[2].checked_at - found[0].checked_at >= timedelta(seconds=2)


def _be_busy_for(span: timedelta) -> None:
    until = time.monotonic() + span.total_seconds()
    while time.monotonic() < until:
        pass


def test_a_kind_is_ready_before_its_first_check_is_timed(server: HostileServer) -> None:
    """Else what importing took would be found in the latency of the first."""
    code = (
        "import sys; from tocsin.probes import prober; seen = []\n"
        "class Watched(prober.Attempt):\n"
        "    def __init__(self, *given):\n"
        "        super().__init__(*given); seen.append('tocsin.probes.tcp' in sys.modules)\n"
        "prober.Attempt = Watched\n"
        "from tests.support.builders import NOON, a_monitor; from tocsin.domain.check_kinds import TcpCheck\n"
        f"monitor = a_monitor(check=TcpCheck(address='127.0.0.1:{server.port}'))\n"
        "prober.Prober().check_all([monitor], now=NOON, rules=prober.TargetRules(allow_private=True)); print(seen)"
    )

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[True]"
