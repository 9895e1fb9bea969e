"""What a monitor's states were, as up-time is computed from."""

from datetime import datetime

import pytest

from tests.support.builders import NOON, a_monitor, after
from tests.support.tables import MONITORING
from tocsin.domain.monitor import MonitorStatus, unjudged
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.up_time import StateBegan
from tocsin.stores.monitors import MonitorStatusStore

pytestmark = pytest.mark.usefixtures("tables")


def lived(*states: tuple[MonitorState | None, datetime]) -> MonitorStatusStore:
    store = MonitorStatusStore(MONITORING)
    status: MonitorStatus = unjudged(a_monitor(), NOON)
    for state, since in states:
        changed = status.model_copy(update={"state": state, "since": since, "changed_at": since})
        store.save(changed, [])
        status = changed.model_copy(update={"version": changed.version + 1})
    return store


def test_history_begins_with_the_state_that_the_range_found() -> None:
    store = lived(
        (MonitorState.UP, NOON),
        (MonitorState.DOWN, after(hours=1)),
        (MonitorState.UP, after(hours=2)),
        (None, after(hours=3)),
    )

    assert store.history("shop", after(hours=1.5)) == [
        StateBegan(after(hours=1), MonitorState.DOWN),
        StateBegan(after(hours=2), MonitorState.UP),
        StateBegan(after(hours=3), None),
    ]


def test_a_range_before_the_first_judgement_finds_nothing_before_it() -> None:
    store = lived((MonitorState.UP, NOON))

    assert store.history("shop", after(days=-90)) == [StateBegan(NOON, MonitorState.UP)]
    assert store.history("unknown", NOON) == []
