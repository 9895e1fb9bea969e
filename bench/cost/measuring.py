"""What Tocsin costs, for three sizes of it."""

from collections.abc import Callable

from bench.cost import real_run
from bench.cost.days import simulate
from bench.cost.deployed import deployed
from bench.cost.month import Measured
from bench.cost.sent import bytes_sent

SIZES = (100, 1_000, 10_000)

Progress = Callable[[str], None]


def measure(progress: Progress) -> list[Measured]:
    progress("What is deployed")
    stacks = deployed()
    progress("A run of real checks")
    run, sent = real_run.measure(), bytes_sent()
    return [Measured(simulate(monitors, progress), stacks, run, sent) for monitors in SIZES]
