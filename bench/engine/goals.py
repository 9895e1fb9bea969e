"""How many times as many checks per second of processor time Tocsin has to make, and what its memory may be."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bench.engine.contenders import TOCSIN
from bench.engine.measuring import Case, Measured, Turn

MEGABYTE = 1e6

Goals = Mapping[str, Mapping[str, float]]
"""By scheme, then by engine; `memory` is megabytes that 1,000 checks in flight may add."""


class Missed(NamedTuple):
    what: str
    found: float
    wanted: float


def times_as_many(measured: Measured, name: str, case: Case) -> float:
    """Tocsin's checks per second of processor time for each one of the other engine."""
    return measured.turns[name][case].seconds / measured.turns[TOCSIN][case].seconds


def megabytes_per_1000(turn: Turn) -> float | None:
    return None if turn.added is None else turn.added * 1000 / MEGABYTE


def missed(measured: Measured, goals: Goals) -> Iterator[Missed]:
    for name, cases in measured.turns.items():
        for case in cases:
            wanted = goals[case.scheme].get(name)
            if wanted is not None and (found := times_as_many(measured, name, case)) < wanted:
                yield Missed(f"{case.scheme}, {case.in_flight} in flight: times {name}", found, wanted)
    for case, turn in measured.turns[TOCSIN].items():
        added, most = megabytes_per_1000(turn), goals["memory"]["added_per_1000"]
        if added is not None and added > most:
            yield Missed(f"{case.scheme}, {case.in_flight} in flight: MB for 1,000 more", added, most)
