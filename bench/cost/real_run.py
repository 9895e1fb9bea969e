"""One run of a full shard with the real prober: as many fresh TLS connections, to targets that take their time."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from bench.machine import allow_many_files, cores, pinned
from tests.support.authority import Authority
from tests.support.peers import free_port, listening, running
from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.check_plan import LONGEST_RUN, planned_checks
from tocsin.domain.checks import CheckState, Monitor
from tocsin.domain.sharding import MOST_MONITORS
from tocsin.domain.targets import TargetRules
from tocsin.errors import TocsinError
from tocsin.probes.agenda import Agenda
from tocsin.probes.prober import Prober

TAKES = 0.3
"""Seconds: a connection, a handshake and an answer from the same continent or the next one."""
ROUNDS = 3
HOST = "127.0.0.1"


class RealRun(NamedTuple):
    """Seconds, of the shard as a whole, and the processor time for each check."""

    lasted: float
    computed: float
    checks: int

    @property
    def computed_by_a_check(self) -> float:
        return self.computed / self.checks


def measure() -> RealRun:
    """The median of a few. Raises TocsinError when a check did not pass."""
    allow_many_files()
    with TemporaryDirectory(prefix="tocsin-bench-") as name:
        authority, port = Authority(Path(name)), free_port()
        site = [sys.executable, "-m", "bench.slow_site", str(port), str(TAKES), str(authority.file(HOST))]
        with running(pinned(cores().other, site), Path(name) / "site.log", ready=listening(port)):
            # They are one host here, but stand for as many.
            prober = Prober(authority.path, per_host=MOST_MONITORS)
            runs = [_run(prober, f"https://{HOST}:{port}/") for _ in range(ROUNDS + 1)][1:]
    return sorted(runs)[len(runs) // 2]


def _run(prober: Prober, url: str) -> RealRun:
    monitors = [
        Monitor(monitor_id=f"monitor-{number:05d}", service_id="web", check=HttpCheck(url=url))
        for number in range(MOST_MONITORS)
    ]
    now = utc_now()
    minute = now.replace(second=0, microsecond=0)
    agenda, rules = Agenda(planned_checks(monitors, minute, now)), TargetRules(allow_private=True)
    began, computed = time.monotonic(), time.process_time()
    batches = prober.run(agenda, now=now, until=now + LONGEST_RUN, rules=rules)
    ended = [each.result for batch in batches for each in batch]
    found = RealRun(time.monotonic() - began, time.process_time() - computed, len(ended))
    if any(each.state is not CheckState.UP for each in ended):
        raise TocsinError(f"a check that is timed failed: {next(each.message for each in ended if each.message)}")
    return found
