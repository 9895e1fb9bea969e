"""How long a page takes to leave: from the end of the check that confirmed an outage until SES has the e-mail."""

from datetime import datetime
from typing import NamedTuple

from bench import log_lines
from bench.embedded import embedded
from bench.journeys import Journey, confirmed_at, journey
from bench.outages import page_of, play
from bench.targets import Targets
from demo.observer import Observer
from tocsin.cli.local import deployment
from tocsin.cli.local.steps import Steps
from tocsin.clock import utc_now
from tocsin.domain.events import ObservationChanged
from tocsin.domain.incidents import Incident
from tocsin.domain.votes import needed
from tocsin.stores.keys import OUTBOX_PREFIX

COUNT = 32
NAMES = tuple(f"target-{number:02d}" for number in range(COUNT + 1))


class Measured(NamedTuple):
    """`first` is the outage for which functions had to be started; the others count."""

    first: Journey
    others: tuple[Journey, ...]
    regions: int


def measure(steps: Steps) -> Measured:
    """Takes about eight minutes: each outage waits for its turn among checks that run every ten seconds."""
    with Targets(NAMES) as targets, embedded(steps, targets) as observer:
        began = utc_now()
        with steps.step(f"{COUNT} outages, one after the other") as step:
            incidents = play(observer, targets, step.say)
        regions = len(observer.directory.regions().probes)
        first, *others = _journeys(observer, incidents, began, needed("majority", regions))
    return Measured(first, tuple(others), regions)


def _journeys(
    observer: Observer, incidents: dict[str, Incident], began: datetime, regions_needed: int
) -> list[Journey]:
    log, observations = log_lines.read(observer.emulator, began), _observations(observer)
    return [
        journey(
            confirmed_at(observations, name, regions_needed),
            name,
            observer.incidents.notifications(incident.incident_id)[0],
            log,
            _received_at(observer, incident),
        )
        for name, incident in incidents.items()
    ]


def _received_at(observer: Observer, incident: Incident) -> datetime:
    page = page_of(observer, incident)
    assert page is not None  # noqa: S101 - each outage was waited for until it was there
    return page.received_at


def _observations(observer: Observer) -> list[ObservationChanged]:
    """What the regions saw change, from the outbox, which keeps it for days."""
    client = deployment.client(observer.emulator, "dynamodb")
    scan = client.get_paginator("scan").paginate(
        TableName=observer.outputs["MonitoringTable"],
        FilterExpression="begins_with(pk, :outbox) AND detail_type = :kind",
        ExpressionAttributeValues={":outbox": {"S": OUTBOX_PREFIX}, ":kind": {"S": ObservationChanged.__name__}},
    )
    details = (item["detail"]["S"] for page in scan for item in page["Items"])
    return [ObservationChanged.model_validate_json(detail) for detail in details]
