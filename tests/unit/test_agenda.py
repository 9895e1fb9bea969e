"""Checks wait for their time."""

from tests.support.builders import NOON, a_monitor, after
from tocsin.domain.check_plan import PlannedCheck
from tocsin.probes.agenda import Agenda


def test_checks_become_due_in_their_order() -> None:
    late, early = PlannedCheck(after(seconds=2), a_monitor("late")), PlannedCheck(NOON, a_monitor("early"))
    agenda = Agenda([late, early])

    assert agenda.next_at() == NOON
    assert agenda.take_due(after(seconds=1)) == [early]
    assert agenda.take_due(after(seconds=1)) == []
    assert agenda.take_due(after(seconds=2)) == [late]
    assert (agenda.next_at(), len(agenda)) == (None, 0)


def test_checks_of_the_same_instant_keep_the_order_they_came_in() -> None:
    checks = [PlannedCheck(NOON, a_monitor(name)) for name in "cab"]
    agenda = Agenda(checks)
    again = PlannedCheck(NOON, a_monitor("c"), is_recheck=True)

    agenda.add(again)

    assert agenda.take_due(NOON) == [*checks, again]
