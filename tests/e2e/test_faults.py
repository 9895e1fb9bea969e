"""Workers that die and tables that refuse: the alert still arrives, once."""

import sys
from typing import Any

import pytest

from tests.support.embedded import Embedded
from tests.support.faults import refused, stuck, throttled
from tests.support.polling import eventually
from tests.support.workers import kill, workers

pytestmark = pytest.mark.e2e

REDELIVERED = 180
"""Seconds until a queue has given a message of a failed function again, and that one was handled."""


@pytest.mark.skipif(sys.platform != "linux", reason="finds the worker in /proc")
def test_a_worker_that_is_killed_in_the_middle_loses_no_alert(embedded: Embedded) -> None:
    outage = embedded.story("killed")
    faults, emulator = embedded.faults, embedded.observer.emulator
    outage.begins()

    with faults.injected(stuck("TransactWriteItems", **_to(embedded.observer.outputs["IncidentsTable"]))):
        eventually("update_incident is in the middle of its write", faults.fired, within=120)
        killed = workers(emulator, "UpdateIncident")
        for worker in killed:
            kill(worker)
    incident = outage.incident(within=REDELIVERED)
    outage.email("first", within=90)
    outage.ends()

    assert killed
    assert _incidents(embedded, outage.name) == [incident.incident_id]
    assert embedded.dead_letters() == {}


def test_a_throttled_table_loses_no_alert(embedded: Embedded) -> None:
    outage = embedded.story("throttled")
    faults = embedded.faults
    table = _to(embedded.observer.outputs["IncidentsTable"])
    outage.begins()

    with faults.injected(
        throttled("TransactWriteItems", times=8, **table),
        refused("TransactWriteItems", times=2, **table),
        throttled("TransactWriteItems", probability=0.3),
    ):
        incident = outage.incident(within=REDELIVERED)
        outage.email("first", within=REDELIVERED)
    outage.ends()

    assert len(faults.fired()) >= 10
    assert _incidents(embedded, outage.name) == [incident.incident_id]
    assert embedded.dead_letters() == {}


def _to(table: str) -> dict[str, Any]:
    """Only requests that name this table."""
    return {"body": f"contains(to_string(@), '{table}')"}


def _incidents(embedded: Embedded, service: str) -> list[str]:
    recent = embedded.observer.incidents.recent(50)
    return [incident.incident_id for incident in recent if incident.service_id == service]
