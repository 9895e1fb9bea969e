"""When maintenance windows are on, and for whom; also while clocks change, against a naive second implementation."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.maintenance import CHICAGO, LORD_HOWE, PRAGUE, a_window, day, naive_span, once, recurring, wall
from tests.support.schedules import at
from tocsin.domain.maintenance import (
    MaintenanceWindow,
    Once,
    Recurring,
    Weekday,
    muted_by,
    span_at,
    spans,
    window_at,
)
from tocsin.domain.schedule import Every, Unit

NIGHT = a_window(once("2026-12-01T02:00", "2026-12-01T04:00"))
LONG = a_window(once("2026-12-01T03:00", "2026-12-02T06:00"), window_id="move", name="Move", services=("web", "api"))


# who is in which ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param("2026-12-01T01:59:59", None, id="before"),
        pytest.param("2026-12-01T02:00", NIGHT, id="from its first instant"),
        pytest.param("2026-12-01T03:00", LONG, id="of two, the one that ends last"),
        pytest.param("2026-12-02T05:59:59", LONG, id="to its last"),
        pytest.param("2026-12-02T06:00", None, id="until before its end"),
    ],
)
def test_the_window_at_an_instant(shown: str, expected: MaintenanceWindow | None) -> None:
    assert window_at((NIGHT, LONG), "web", "shop", at(shown)) == expected


def test_a_window_is_of_the_monitors_of_its_services_and_of_those_it_names() -> None:
    window = a_window(once("2026-12-01T02:00", "2026-12-01T04:00"), services=("web",), monitors=("search",))
    middle = at("2026-12-01T03:00")

    asked = [("web", "shop"), ("web", None), ("api", "search"), ("api", "other"), ("api", None)]

    assert [window_at((window,), *about, middle) is not None for about in asked] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        pytest.param("2026-12-01T01:00", None, id="nothing"),
        pytest.param("2026-12-01T02:00", "maintenance: DB upgrade until 04:00", id="today"),
        pytest.param("2026-12-01T03:30", "maintenance: Move until 06:00 on 2026-12-02", id="another day"),
    ],
)
def test_why_nobody_is_told_says_until_when_by_the_windows_clock(shown: str, said: str | None) -> None:
    assert muted_by((NIGHT, LONG), "web", "shop", at(shown)) == said


# when ---------------------------------------------------------------------------------------------


def begins(when: Recurring, start: str, end: str, zone: str = PRAGUE) -> list[str]:
    return [
        span.start.astimezone(at(start, zone).tzinfo).strftime("%a %m-%d %H:%M")
        for span in spans(a_window(when, zone), at(start, zone), at(end, zone))
    ]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        pytest.param(
            recurring("02:00", 2, 1, Unit.WEEKS, "tue thu"),
            ["Tue 06-02 02:00", "Thu 06-04 02:00", "Tue 06-09 02:00", "Thu 06-11 02:00", "Tue 06-16 02:00"],
            id="each week on its days",
        ),
        pytest.param(
            recurring("02:00", 2, 2, Unit.WEEKS, "tue thu", first=day("2026-06-03")),
            ["Thu 06-04 02:00", "Tue 06-16 02:00"],
            id="every other week, counted from that of the first",
        ),
        pytest.param(
            recurring("02:00", 2, 1, Unit.WEEKS, first=day("2026-06-03")),
            ["Wed 06-03 02:00", "Wed 06-10 02:00"],
            id="weeks without days: on that of the first",
        ),
        pytest.param(
            recurring("23:00", 4, 5, first=day("2026-06-02"), until=day("2026-06-12")),
            ["Tue 06-02 23:00", "Sun 06-07 23:00", "Fri 06-12 23:00"],
            id="every five days until",
        ),
        pytest.param(recurring("02:00", 1, 1, Unit.MONTHS, first=day("2026-05-15")), ["Mon 06-15 02:00"], id="monthly"),
    ],
)
def test_recurring_windows_begin_when_they_say(when: Recurring, expected: list[str]) -> None:
    assert begins(when, "2026-06-01", "2026-06-17") == expected


def test_a_month_that_is_too_short_ends_with_it() -> None:
    quarterly = recurring("02:00", 1, 1, Unit.MONTHS, first=day("2026-01-31"))

    found = begins(quarterly, "2026-01-01", "2026-05-01")

    assert found == ["Sat 01-31 02:00", "Sat 02-28 02:00", "Tue 03-31 02:00", "Thu 04-30 02:00"]


@pytest.mark.parametrize(
    ("zone", "begin", "end", "expected"),
    [
        pytest.param(
            PRAGUE, "2026-03-29T02:30", "2026-03-29T04:30", ("01:00", "02:30"), id="Prague, begins in the gap"
        ),
        pytest.param(PRAGUE, "2026-03-29T01:30", "2026-03-29T02:30", ("00:30", "01:00"), id="Prague, ends in the gap"),
        pytest.param(PRAGUE, "2026-03-29T02:15", "2026-03-29T02:45", None, id="Prague, wholly inside the gap"),
        pytest.param(PRAGUE, "2026-10-25T02:30", "2026-10-25T04:30", ("00:30", "03:30"), id="Prague, begins twice"),
        pytest.param(PRAGUE, "2026-10-25T01:30", "2026-10-25T02:30", ("23:30", "01:30"), id="Prague, ends twice"),
        pytest.param(CHICAGO, "2026-03-08T02:30", "2026-03-08T04:30", ("08:00", "09:30"), id="Chicago, in the gap"),
        pytest.param(CHICAGO, "2026-11-01T01:30", "2026-11-01T03:00", ("06:30", "09:00"), id="Chicago, begins twice"),
        pytest.param(LORD_HOWE, "2026-10-04T02:15", "2026-10-04T03:00", ("15:30", "16:00"), id="Lord Howe, in the gap"),
        pytest.param(LORD_HOWE, "2026-04-05T01:45", "2026-04-05T02:45", ("14:45", "16:15"), id="Lord Howe, twice"),
    ],
)
def test_days_on_which_clocks_change(zone: str, begin: str, end: str, expected: tuple[str, str] | None) -> None:
    window = a_window(once(begin, end), zone)

    found = spans(window, at("2026-01-01", "UTC"), at("2027-01-01", "UTC"))

    assert [(f"{span.start:%H:%M}", f"{span.end:%H:%M}") for span in found] == ([expected] if expected else [])


CHANGES = {
    PRAGUE: ("2026-03-29", "2026-10-25"),
    CHICAGO: ("2026-03-08", "2026-11-01"),
    LORD_HOWE: ("2026-04-05", "2026-10-04"),
}


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("which", [0, 1], ids=["first change", "second change"])
@pytest.mark.parametrize("clock", ["00:00", "01:45", "02:00", "02:30", "23:30"])
@pytest.mark.parametrize("minutes", [15, 60, 120, 1410])
def test_brute_force_across_changes_of_the_clocks(zone: str, which: int, clock: str, minutes: int) -> None:
    change = wall(CHANGES[zone][which])
    window = a_window(recurring(clock, minutes / 60), zone)
    starts = [wall(f"{(change + timedelta(days=number)).date()}T{clock}") for number in range(-5, 6)]
    naive = [naive_span(start, start + timedelta(minutes=minutes), zone) for start in starts]
    first = change.replace(tzinfo=UTC) - timedelta(days=2)
    quarters = [first + timedelta(minutes=15 * quarter) for quarter in range(4 * 24 * 5)]

    on = [span_at(window, quarter) is not None for quarter in quarters]

    assert on == [any(start <= quarter < end for start, end in naive) for quarter in quarters]


# what holds for all -------------------------------------------------------------------------------

moments = st.datetimes(wall("2025-01-01"), wall("2027-01-01"), timezones=st.just(UTC))
walls = st.datetimes(wall("2025-01-01"), wall("2027-01-01")).map(lambda moment: moment.replace(microsecond=0))
lengths = st.timedeltas(timedelta(0), timedelta(days=20))
once_only = st.builds(
    lambda start, lasts: Once(start=start, end=start + lasts),
    walls,
    st.timedeltas(timedelta(minutes=1)).filter(lambda lasts: lasts < timedelta(days=9)),
)
again_and_again = st.builds(
    Recurring,
    every=st.builds(Every, count=st.integers(1, 9), unit=st.sampled_from([Unit.DAYS, Unit.WEEKS, Unit.MONTHS])),
    days=st.sets(st.sampled_from(Weekday)).map(lambda days: tuple(sorted(days))),
    at=st.times().map(lambda clock: clock.replace(microsecond=0)),
    lasts=st.timedeltas(timedelta(minutes=1), timedelta(days=3)),
    first=st.dates(day("2024-06-01"), day("2027-06-01")),
    until=st.none() | st.dates(day("2025-01-01"), day("2028-01-01")),
)
windows = st.builds(
    a_window, once_only | again_and_again, st.sampled_from([PRAGUE, CHICAGO, LORD_HOWE, "Pacific/Apia", "UTC"])
)


@given(windows, moments, lengths, lengths)
def test_spans_agree_with_window_at(
    window: MaintenanceWindow, start: datetime, length: timedelta, offset: timedelta
) -> None:
    end, instant = start + length, start + offset

    found = spans(window, start, end)

    covering = [span for span in found if span.start <= instant < span.end]
    is_on = window_at((window,), "web", "shop", instant) is not None
    assert len(covering) == (is_on and instant < end)
    assert all(start <= span.start < span.end <= end for span in found)
    assert all(before.end < after.start for before, after in pairwise(found))


@given(windows, moments, lengths, lengths)
def test_splitting_a_range_changes_nothing(
    window: MaintenanceWindow, start: datetime, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second

    parts = [*spans(window, start, middle), *spans(window, middle, end)]

    assert sum((span.end - span.start for span in parts), timedelta(0)) == sum(
        (span.end - span.start for span in spans(window, start, end)), timedelta(0)
    )
    assert {span.start for span in parts} - {middle} == {span.start for span in spans(window, start, end)} - {middle}
