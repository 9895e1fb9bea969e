"""Results of checks, and the views they are told to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.support.builders import a_monitor, after
from tocsin.domain.checks import CheckResult, CheckState, Failure, Monitor
from tocsin.domain.events import ObservationChanged
from tocsin.domain.region_view import RegionView, observe

REGION = "eu-west-1"


def up(seconds: float = 0, monitor_id: str = "shop", **fields: Any) -> CheckResult:
    return _result(monitor_id, after(seconds=seconds), CheckState.UP, status=200, **fields)


def down(
    seconds: float = 0, monitor_id: str = "shop", message: str = "connection refused", **fields: Any
) -> CheckResult:
    defaults = {"failures": (Failure(expect="connect", message=message),)}
    return _result(monitor_id, after(seconds=seconds), CheckState.DOWN, **(defaults | fields))


def slow(seconds: float = 0, monitor_id: str = "shop", message: str = "took 900 ms") -> CheckResult:
    failures = (Failure(expect="latency", message=message),)
    return _result(monitor_id, after(seconds=seconds), CheckState.DEGRADED, failures=failures, status=200)


def inconclusive(seconds: float = 0, monitor_id: str = "shop") -> CheckResult:
    failures = (Failure(expect="checker", message="no network"),)
    return _result(monitor_id, after(seconds=seconds), CheckState.INCONCLUSIVE, failures=failures)


def an_empty_view(**fields: Any) -> RegionView:
    return RegionView(**({"region": REGION, "shard_id": "s1"} | fields))


def told(
    results: Iterable[CheckResult], monitor: Monitor | None = None, view: RegionView | None = None
) -> tuple[RegionView, list[ObservationChanged]]:
    """What a region thinks after all of these, and everything it said meanwhile."""
    view, monitor = view or an_empty_view(), monitor or a_monitor()
    said: list[ObservationChanged] = []
    for result in results:
        view, events = observe(view, result, monitor)
        said += events
    return view, said


def _result(monitor_id: str, at: datetime, state: CheckState, **fields: Any) -> CheckResult:
    return CheckResult(monitor_id=monitor_id, checked_at=at, state=state, **fields)
