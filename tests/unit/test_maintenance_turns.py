"""Windows begin and end once, at their own instants, whether the clock or the file turns them."""

from tests.support.maintenance import a_window, once, recurring
from tests.support.schedules import at
from tocsin.domain.events import MaintenanceBegan, MaintenanceEnded
from tocsin.domain.maintenance import MaintenanceWindow
from tocsin.domain.maintenance_turns import WindowsOn, turn
from tocsin.domain.record import Event

WINDOW = a_window(once("2026-12-01T02:00", "2026-12-01T04:00"))
BEGIN, END = at("2026-12-01T02:00"), at("2026-12-01T04:00")
BEGAN = MaintenanceBegan(occurred_at=BEGIN, window_id="upgrade", services=("web",))
ENDED = MaintenanceEnded(occurred_at=END, window_id="upgrade", services=("web",))


def told(*minutes: tuple[str, MaintenanceWindow | None]) -> list[tuple[Event, ...]]:
    on, events = WindowsOn(), list[tuple[Event, ...]]()
    for shown, window in minutes:
        on, news = turn(on, (window,) if window else (), at(shown))
        events.append(news)
    return events


def test_a_window_begins_and_ends_once_at_its_own_instants() -> None:
    minutes = ("01:59", "02:01", "02:02", "03:59", "04:03", "04:04")

    assert told(*((f"2026-12-01T{minute}", WINDOW) for minute in minutes)) == [(), (BEGAN,), (), (), (ENDED,), ()]


def test_one_that_is_taken_out_while_it_is_on_ends_then() -> None:
    assert told(("2026-12-01T03:00", WINDOW), ("2026-12-01T03:10", None))[1] == (
        ENDED.model_copy(update={"occurred_at": at("2026-12-01T03:10")}),
    )


def test_one_that_is_changed_while_it_is_on_ends_as_it_was_and_begins_as_it_is() -> None:
    wider = WINDOW.model_copy(update={"services": ("web", "api")})

    assert told(("2026-12-01T03:00", WINDOW), ("2026-12-01T03:10", wider))[1] == (
        ENDED.model_copy(update={"occurred_at": at("2026-12-01T03:10")}),
        BEGAN.model_copy(update={"services": ("web", "api")}),
    )


def test_each_time_of_a_recurring_one_is_told() -> None:
    daily = a_window(recurring("02:00", 2))

    found = told(*((f"2026-12-0{day}T{clock}", daily) for day in (1, 2) for clock in ("03:00", "05:00")))

    assert [event.occurred_at for events in found for event in events] == [
        at(f"2026-12-0{day}T{clock}") for day in (1, 2) for clock in ("02:00", "04:00")
    ]


def test_of_one_that_nobody_swept_in_time_nothing_is_told() -> None:
    assert told(("2026-12-01T01:00", WINDOW), ("2026-12-01T05:00", WINDOW)) == [(), ()]
