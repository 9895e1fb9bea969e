"""Region views and results as columns, compressed: they are written every minute and paid for by the kilobyte.

Values stand in the order of `ids`. A column of instants is its earliest, and for each the whole milliseconds after it.
"""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin.domain.checks import CheckResult, CheckState, Failure
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import MonitorView
from tocsin.domain.timings import Timings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TENTH = timedelta(milliseconds=100)
_VIEW_SIGNS: dict[MonitorState | None, str] = {
    MonitorState.UP: "+",
    MonitorState.DEGRADED: "~",
    MonitorState.DOWN: "-",
    None: "?",
}
_VIEWS = {sign: state for state, sign in _VIEW_SIGNS.items()}
_STATE_SIGNS = {CheckState.UP: "+", CheckState.DOWN: "-", CheckState.DEGRADED: "~", CheckState.INCONCLUSIVE: "?"}
_STATES = {sign: state for state, sign in _STATE_SIGNS.items()}
_USUAL_STATUS = 200


def pack_monitors(monitors: Mapping[str, MonitorView]) -> bytes:
    """What is not the same for most monitors stands apart, under the monitor's id."""
    views = monitors.values()
    columns = {
        "ids": list(monitors),
        "state": "".join(_VIEW_SIGNS[view.state] for view in views),
        "since": _instants([view.since for view in views]),
        "checked": _instants([view.checked_at for view in views]),
        "streak": {name: view.streak for name, view in monitors.items() if view.streak},
        "turning": {name: _number(view.turning_since) for name, view in monitors.items() if view.turning_since},
        "message": {name: view.message for name, view in monitors.items() if view.message},
    }
    return _compressed(columns)


def unpack_monitors(packed: bytes) -> dict[str, MonitorView]:
    columns = _expanded(packed)
    rows = zip(columns["ids"], columns["state"], _dates(columns["since"]), _dates(columns["checked"]), strict=True)
    return {
        name: MonitorView(
            state=_VIEWS[sign],
            since=since,
            checked_at=checked_at,
            streak=columns["streak"].get(name, 0),
            turning_since=_date(columns["turning"].get(name)),
            message=columns["message"].get(name, ""),
        )
        for name, sign, since, checked_at in rows
    }


def pack_results(results: Iterable[CheckResult], minute: datetime) -> bytes:
    """Of the timings only the total is kept, in milliseconds; `checked_at` in tenths of a second."""
    ordered = sorted(results, key=lambda result: (result.monitor_id, result.checked_at))
    numbered = [(str(number), result) for number, result in enumerate(ordered)]
    columns = {
        "ids": [result.monitor_id for result in ordered],
        "state": "".join(_STATE_SIGNS[result.state] for result in ordered),
        "checked": [(result.checked_at - minute) // _TENTH for result in ordered],
        "total": [None if result.timings.total is None else round(result.timings.total) for result in ordered],
        "status": {number: result.status for number, result in numbered if result.status != _USUAL_STATUS},
        "failures": {number: _told(result.failures) for number, result in numbered if result.failures},
    }
    return _compressed(columns)


def unpack_results(packed: bytes, minute: datetime) -> list[CheckResult]:
    """By monitor, and each monitor's in the order of time."""
    columns = _expanded(packed)
    rows = zip(columns["ids"], columns["state"], columns["checked"], columns["total"], strict=True)
    return [
        CheckResult(
            monitor_id=name,
            checked_at=minute + tenths * _TENTH,
            state=_STATES[sign],
            failures=tuple(
                Failure(expect=expect, message=said) for expect, said in columns["failures"].get(str(number), ())
            ),
            status=columns["status"].get(str(number), _USUAL_STATUS),
            timings=Timings(total=total),
        )
        for number, (name, sign, tenths, total) in enumerate(rows)
    ]


def _told(failures: Iterable[Failure]) -> list[tuple[str, str]]:
    return [(failure.expect, failure.message) for failure in failures]


def _instants(column: Sequence[datetime | None]) -> tuple[int, list[int | None]]:
    base = min((instant for instant in column if instant), default=_EPOCH)
    return _number(base), [None if instant is None else (instant - base) // _MILLISECOND for instant in column]


def _dates(column: tuple[int, list[int | None]]) -> list[datetime | None]:
    base, offsets = column
    return [None if offset is None else _date(base + offset) for offset in offsets]


def _number(instant: datetime) -> int:
    return (instant - _EPOCH) // _MILLISECOND


def _date(number: int | None) -> datetime | None:
    return None if number is None else _EPOCH + number * _MILLISECOND


def _compressed(columns: Mapping[str, Any]) -> bytes:
    return zlib.compress(json.dumps(columns, separators=(",", ":")).encode(), level=9)


def _expanded(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))
