"""Tocsin's own engine: URLS COUNT IN_FLIGHT AUTHORITIES. Prints what it used, as JSON."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path

from bench.engine.loops.usage import memory
from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.check_plan import PlannedCheck
from tocsin.domain.checks import CheckState, Monitor
from tocsin.domain.targets import TargetRules
from tocsin.probes.agenda import Agenda
from tocsin.probes.prober import Prober

LONGEST = timedelta(minutes=10)
RULES = TargetRules(allow_private=True)


def main() -> None:
    urls, count, in_flight, authorities = sys.argv[1:]
    monitors = [
        Monitor(monitor_id=f"m{number:04d}", service_id="web", check=HttpCheck(url=url))
        for number, url in enumerate(islice(cycle(Path(urls).read_text().split()), int(count)))
    ]
    prober = Prober(Path(authorities), per_host=1000)
    run(prober, monitors[:1], 1)
    resting, began = memory().now, time.process_time()
    passed = run(prober, monitors, int(in_flight))
    print(
        json.dumps(
            {"passed": passed, "processor": time.process_time() - began, "resting": resting, "peak": memory().peak}
        )
    )


def run(prober: Prober, monitors: list[Monitor], in_flight: int) -> int:
    """How many are up. Another check begins whenever one has ended."""
    now = utc_now()
    waiting: Iterator[Monitor] = iter(monitors)
    agenda = Agenda(PlannedCheck(now, monitor) for monitor in islice(waiting, in_flight))
    passed = 0
    for batch in prober.run(agenda, now=now, until=now + LONGEST, rules=RULES):
        passed += sum(ended.result.state is CheckState.UP for ended in batch)
        for monitor in islice(waiting, len(batch)):
            agenda.add(PlannedCheck(now, monitor))
    return passed


if __name__ == "__main__":
    main()
