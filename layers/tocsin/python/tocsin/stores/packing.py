"""What a minute left of a shard as columns: each monitor's view, and the results that belong to it.

They stand in the order of `ids`, results by monitor and then by time, and all instants are whole milliseconds. What is
not the same for most of them stands apart, by its place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from tocsin.domain.checks import CheckResult, CheckState, Failure
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.region_view import MonitorView
from tocsin.domain.result_summary import Reading, Summary
from tocsin.domain.timings import Timings
from tocsin.stores import columns

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_NOT_SEEN = " "
_VIEW_SIGNS: dict[MonitorState | None, str] = {
    MonitorState.UP: "+",
    MonitorState.DEGRADED: "~",
    MonitorState.DOWN: "-",
    None: "?",
}
_VIEWS = {sign: state for state, sign in _VIEW_SIGNS.items()}
_STATE_SIGNS = {CheckState.UP: "+", CheckState.DOWN: "-", CheckState.DEGRADED: "~", CheckState.INCONCLUSIVE: "?"}
_STATES = {sign: state for state, sign in _STATE_SIGNS.items()}
_IN_COLUMNS = {"state", "since", "checked_at", "every"}
_USUAL_STATUS = 200
MOST_BYTES = 100_000
"""Of a minute. The item may have 400 KB, of which the views of 250 monitors with a message of 1,000 take up to 250."""


def pack_minute(monitors: Mapping[str, MonitorView], results: Sequence[CheckResult]) -> bytes:
    """Of the timings only the total is kept, in whole milliseconds.

    When all of a shard fails in its own words, several times a minute, what each check said is left out: the views
    still say what the last one found.
    """
    packed = _packed(monitors, results)
    if len(packed) <= MOST_BYTES:
        return packed
    return _packed(monitors, [result.model_copy(update={"failures": ()}) for result in results])


def _packed(monitors: Mapping[str, MonitorView], results: Iterable[CheckResult]) -> bytes:
    found = sorted(results, key=lambda result: (result.monitor_id, result.checked_at))
    by_monitor = {name: list(group) for name, group in groupby(found, attrgetter("monitor_id"))}
    ids = sorted(monitors.keys() | by_monitor.keys())
    ordered = [result for name in ids for result in by_monitor.get(name, ())]
    seen = [monitors[name] for name in ids if name in monitors]
    voted = [_newest(by_monitor.get(name, ())) == monitors[name].checked_at for name in ids if name in monitors]
    header = {
        "ids": ids,
        "views": "".join(_VIEW_SIGNS[monitors[name].state] if name in monitors else _NOT_SEEN for name in ids),
        "voted": "".join(map(str, map(int, voted))),
        "more": {place: more for place, view in enumerate(seen) if (more := _more(view))},
        "states": "".join(_STATE_SIGNS[result.state] for result in ordered),
        "status": {place: result.status for place, result in enumerate(ordered) if result.status != _USUAL_STATUS},
        "failures": {place: _told(result.failures) for place, result in enumerate(ordered) if result.failures},
    }
    numbers: dict[str, columns.Numbers] = {
        "counts": [len(by_monitor.get(name, ())) for name in ids],
        "every": [view.every // _MILLISECOND for view in seen],
        "since": [_number(view.since) for view in seen],
        "voted": [_number(view.checked_at) for view, newest in zip(seen, voted, strict=True) if not newest],
        "checked": [_number(result.checked_at) for result in ordered],
        "total": [None if result.timings.total is None else round(result.timings.total) for result in ordered],
    }
    return columns.pack(header, numbers)


def unpack_monitors(packed: bytes) -> dict[str, MonitorView]:
    header, numbers = columns.unpack(packed)
    newest = {reading.monitor_id: reading.checked_at for reading in _readings(header, numbers) if _counts(reading)}
    earlier = iter(numbers["voted"])
    seen = [(name, sign) for name, sign in zip(header["ids"], header["views"], strict=True) if sign != _NOT_SEEN]
    rows = zip(seen, numbers["since"], numbers["every"], header["voted"], strict=True)
    return {
        name: MonitorView(
            state=_VIEWS[sign],
            since=_date(since),
            checked_at=newest.get(name) if int(voted) else _date(next(earlier)),
            every=(every or 0) * _MILLISECOND,
            **header["more"].get(str(place), {}),
        )
        for place, ((name, sign), since, every, voted) in enumerate(rows)
    }


def unpack_readings(packed: bytes) -> list[Reading]:
    """By monitor, and each monitor's in the order of time."""
    return list(_readings(*columns.unpack(packed)))


def unpack_results(packed: bytes) -> list[CheckResult]:
    header, numbers = columns.unpack(packed)
    return [
        CheckResult(
            monitor_id=reading.monitor_id,
            checked_at=reading.checked_at,
            state=reading.state,
            failures=tuple(
                Failure(expect=expect, message=said) for expect, said in header["failures"].get(str(place), ())
            ),
            status=header["status"].get(str(place), _USUAL_STATUS),
            timings=Timings(total=reading.total),
        )
        for place, reading in enumerate(_readings(header, numbers))
    ]


def pack_summaries(summaries: Mapping[str, Summary]) -> bytes:
    """A number per column and monitor."""
    rows = zip(*summaries.values(), strict=True)
    return columns.pack({"ids": list(summaries)}, dict(zip(Summary._fields, rows, strict=False)))


def unpack_summaries(packed: bytes) -> dict[str, Summary]:
    header, numbers = columns.unpack(packed)
    rows = zip(*(numbers[name] for name in Summary._fields), strict=True) if numbers else ()
    return {name: Summary(*row) for name, row in zip(header["ids"], rows, strict=True)}


def _readings(header: Mapping[str, Any], numbers: Mapping[str, Sequence[int | None]]) -> Iterator[Reading]:
    named = zip(header["ids"], numbers["counts"], strict=True)
    names = (name for name, count in named for _ in range(count or 0))
    for name, checked, sign, total in zip(names, numbers["checked"], header["states"], numbers["total"], strict=True):
        yield Reading(name, _EPOCH + (checked or 0) * _MILLISECOND, _STATES[sign], total)


def _newest(results: Iterable[CheckResult]) -> datetime | None:
    return max((result.checked_at for result in results if _counts(result)), default=None)


def _counts(result: CheckResult | Reading) -> bool:
    return result.state is not CheckState.INCONCLUSIVE


def _more(view: MonitorView) -> dict[str, Any]:
    return view.model_dump(mode="json", exclude=_IN_COLUMNS, exclude_defaults=True)


def _told(failures: Iterable[Failure]) -> list[tuple[str, str]]:
    return [(failure.expect, failure.message) for failure in failures]


def _number(instant: datetime | None) -> int | None:
    return None if instant is None else (instant - _EPOCH) // _MILLISECOND


def _date(number: int | None) -> datetime | None:
    return None if number is None else _EPOCH + number * _MILLISECOND
