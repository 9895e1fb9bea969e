"""From the latest checks of a region to its state: nothing is believed the first time but that a monitor is up.

A check is a sign: `+` up, `~` degraded, `-` down; the newest stands last.

| state        | becomes                | after                                                                  |
|--------------|------------------------|------------------------------------------------------------------------|
| unknown      | up                     | one success                                                            |
| any          | down                   | `failures` downs in a row                                              |
| up, unknown  | degraded               | `failures` in a row that were not up                                   |
| degraded     | up                     | `recoveries` ups in a row                                              |
| down         | up, else degraded      | `recoveries` in a row that were not down: up when all of them were up  |
| any          | down, and flapping     | a failure, with which enough of the latest have failed, time and again |
| flapping     | as any other that is down | at most one of these has failed                                     |
"""

from collections.abc import Mapping
from typing import NamedTuple

from tocsin.domain.checks import CheckState, Confirmation, Flapping
from tocsin.domain.monitor_state import MonitorState

REMEMBERED = 20
"""Checks; no count of a confirmation asks for more."""
RELAPSES = 3
"""An outage and one failure after it are not flapping yet."""

SIGNS: Mapping[str, str] = {CheckState.UP: "+", CheckState.DEGRADED: "~", CheckState.DOWN: "-"}
"""Of the states of checks, and of monitors: their words are the same."""


class Mind(NamedTuple):
    state: MonitorState | None
    flapping: bool = False


def made_up(before: Mind, recent: str, confirm: Confirmation) -> Mind:
    """`recent` holds the newest check, which `before` has not seen."""
    if _flaps(recent, confirm.flapping):
        return Mind(MonitorState.DOWN, flapping=True)
    if before.flapping and not _has_settled(recent, confirm.flapping):
        return before
    state = _by_streaks(before.state, recent, confirm)
    return Mind(state, flapping=before.flapping and state is MonitorState.DOWN)


def failures_among(recent: str, latest: int) -> int:
    return recent[-latest:].count("-")


def _flaps(recent: str, flapping: Flapping | bool) -> bool:
    if not isinstance(flapping, Flapping) or not recent.endswith("-"):
        return False
    runs = recent[-flapping.of :].replace("~", "+").split("+")
    return failures_among(recent, flapping.of) >= flapping.failures and sum(map(bool, runs)) >= RELAPSES


def _has_settled(recent: str, flapping: Flapping | bool) -> bool:
    return not isinstance(flapping, Flapping) or failures_among(recent, flapping.of) <= 1


def _by_streaks(state: MonitorState | None, recent: str, confirm: Confirmation) -> MonitorState | None:
    if _streak(recent, "-") >= confirm.failures:
        return MonitorState.DOWN
    if state is MonitorState.DOWN:
        return _out_of_down(recent, confirm)
    if state is MonitorState.DEGRADED:
        return MonitorState.UP if _streak(recent, "+") >= confirm.recoveries else state
    if _streak(recent, "-~") >= confirm.failures:
        return MonitorState.DEGRADED
    return MonitorState.UP if recent.endswith("+") else state


def _out_of_down(recent: str, confirm: Confirmation) -> MonitorState:
    if _streak(recent, "+~") < confirm.recoveries:
        return MonitorState.DOWN
    return MonitorState.UP if _streak(recent, "+") >= confirm.recoveries else MonitorState.DEGRADED


def _streak(recent: str, signs: str) -> int:
    return len(recent) - len(recent.rstrip(signs))
