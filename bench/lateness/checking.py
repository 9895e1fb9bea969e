"""How late checks start and end when 1,000 targets take 300 ms and every twentieth hangs until its time-out."""

import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.machine import allow_many_files, cores, pinned
from tests.support.peers import free_port, listening, running
from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.check_plan import PlannedCheck
from tocsin.domain.checks import CheckState, Monitor
from tocsin.domain.targets import TargetRules
from tocsin.probes.agenda import Agenda
from tocsin.probes.prober import Ended, Prober

TARGETS = 1000
TAKES = timedelta(milliseconds=300)
HANGING = 20
TIMEOUT = timedelta(seconds=10)
SPREADS = tuple(timedelta(seconds=seconds) for seconds in (0, 3, 10))
ROUNDS = 3

Progress = Callable[[str], None]


class Late(NamedTuple):
    """How much later than it should each check started, answered and timed out; how many were judged wrongly."""

    starts: tuple[timedelta, ...]
    answers: tuple[timedelta, ...]
    timeouts: tuple[timedelta, ...]
    misjudged: int


def measure(progress: Progress) -> dict[timedelta, Late]:
    """By the time over which the checks are spread."""
    allow_many_files()
    port = free_port()
    site = [sys.executable, "-m", "bench.slow_site", str(port), str(TAKES.total_seconds())]
    monitors, prober, found = _monitors(port), Prober(per_host=1000), {}
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        command = pinned(cores().other, site)
        with running(command, Path(folder) / "site.log", ready=listening(port)):
            _run(prober, monitors[1:2], timedelta())
            for spread in SPREADS:
                progress(f"{TARGETS:,} checks that start within {spread.total_seconds():g} s")
                found[spread] = late(each for _ in range(ROUNDS) for each in _run(prober, monitors, spread))
    return found


def late(ended: Iterable[Ended]) -> Late:
    """A check's own time says when it began: it ended that much later."""
    starts: list[timedelta] = []
    answers: list[timedelta] = []
    timeouts: list[timedelta] = []
    misjudged = 0
    for check, result in ended:
        hangs = _hangs(check.monitor)
        took = timedelta(milliseconds=result.timings.total or 0)
        starts.append(result.checked_at - took - check.at)
        (timeouts if hangs else answers).append(took - (TIMEOUT if hangs else TAKES))
        misjudged += (result.state is CheckState.UP) == hangs
    return Late(tuple(starts), tuple(answers), tuple(timeouts), misjudged)


def _run(prober: Prober, monitors: list[Monitor], spread: timedelta) -> list[Ended]:
    now = utc_now()
    step = spread / len(monitors)
    agenda = Agenda(PlannedCheck(now + number * step, monitor) for number, monitor in enumerate(monitors))
    rules = TargetRules(allow_private=True)
    batches = prober.run(agenda, now=now, until=now + spread + 3 * TIMEOUT, rules=rules)
    return [ended for batch in batches for ended in batch]


def _monitors(port: int) -> list[Monitor]:
    """Each at an address of its own: checks of one host may have to wait for each other."""
    return [
        Monitor(
            monitor_id=f"target-{number:04d}",
            service_id="web",
            check=HttpCheck(url=f"http://127.0.{number // 250 + 1}.{number % 250 + 1}:{port}{_path(number)}"),
            timeout=TIMEOUT,
        )
        for number in range(TARGETS)
    ]


def _path(number: int) -> str:
    return "/" if number % HANGING else "/hang"


def _hangs(monitor: Monitor) -> bool:
    assert isinstance(monitor.check, HttpCheck)  # noqa: S101 -- made above
    return monitor.check.url.endswith("/hang")
