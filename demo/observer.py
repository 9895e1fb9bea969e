"""What can be seen of a running Tocsin: its records, its mail, its status page, its executions."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from tocsin.cli.local import browse, deployment
from tocsin.cli.local.deployment import Addresses
from tocsin.cli.local.inbox import Inbox
from tocsin.cli.local.record import Emulator
from tocsin.cli.local.workspace import aws_environment
from tocsin.domain.incidents import Incident
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.monitor_state import MonitorState
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.region_views import RegionViews
from tocsin.stores.table import dynamodb


@dataclass(frozen=True)
class Moment:
    """One entry of an execution's history: which state was entered, or how a wait ended."""

    at: datetime
    kind: str
    state: str


@dataclass(frozen=True)
class Stay:
    """How long an execution was in a state."""

    state: str
    entered_after: timedelta
    length: timedelta


@dataclass(frozen=True)
class Execution:
    arn: str
    status: str
    output: str
    history: tuple[Moment, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """The names of the states, in the order they were entered."""
        return tuple(stay.state for stay in self.stays)

    @property
    def stays(self) -> tuple[Stay, ...]:
        entered = [moment for moment in self.history if moment.kind.endswith("StateEntered")]
        left = [moment for moment in self.history if moment.kind.endswith("StateExited")]
        return tuple(
            Stay(start.state, start.at - self.history[0].at, end.at - start.at)
            for start, end in zip(entered, left, strict=False)
        )


class Observer:
    """Use it inside `aws_of`: the stores find their region and endpoint in the environment, as in Lambda."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.inbox = Inbox(emulator)

    @cached_property
    def outputs(self) -> dict[str, str]:
        return deployment.outputs(self.emulator)

    @cached_property
    def addresses(self) -> Addresses:
        return deployment.addresses(self.emulator)

    @cached_property
    def directory(self) -> DirectoryStore:
        return DirectoryStore(self.outputs["DirectoryTable"])

    @cached_property
    def incidents(self) -> IncidentStore:
        return IncidentStore(self.outputs["IncidentsTable"])

    def monitor(self, monitor_id: str) -> MonitorStatus | None:
        return MonitorStatusStore(self.outputs["MonitoringTable"]).get(monitor_id)

    def is_up(self, monitor_id: str, since: datetime) -> bool:
        """Whether every region has checked it since then, and found it up."""
        status = self.monitor(monitor_id)
        placements = self.directory.placements(monitor_id)
        votes = RegionViews(self.outputs["MonitoringTable"]).votes(monitor_id, placements)
        fresh = [vote for vote in votes if vote.checked_at >= since]
        states = [status and status.state, *(vote.state for vote in fresh)]
        return len(fresh) == len(placements) and set(states) == {MonitorState.UP}

    def newest_incident(self, service_id: str, since: datetime) -> Incident | None:
        """The newest one of a service that was triggered since then; None when there is none."""
        found = (incident for incident in self.incidents.recent(50) if incident.service_id == service_id)
        return next((incident for incident in found if incident.triggered_at >= since), None)

    def executions(self, incident_id: str) -> tuple[Execution, ...]:
        """Of its escalations, oldest first."""
        client = deployment.client(self.emulator, "stepfunctions")
        pages = client.get_paginator("list_executions").paginate(stateMachineArn=self.outputs["EscalationStateMachine"])
        found = [entry for page in pages for entry in page["executions"] if entry["name"].startswith(incident_id)]
        return tuple(
            _execution(client, entry["executionArn"]) for entry in sorted(found, key=lambda entry: entry["startDate"])
        )

    def status_page(self, path: str = "") -> str:
        return browse.get(f"{self.addresses.status_page}{path}").text

    def status_summary(self) -> dict[str, Any]:
        answer = browse.get(f"{self.addresses.status_page}api/v2/summary.json")
        return dict(answer.json()) if answer.status == 200 else {}

    def postmortem(self, incident_id: str) -> tuple[str, str] | None:
        """Where it is kept, and its text; None while there is none."""
        s3 = deployment.client(self.emulator, "s3")
        bucket = self.outputs["PostmortemBucket"]
        stored = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        key = next((entry["Key"] for entry in stored if incident_id in entry["Key"]), None)
        if key is None:
            return None
        return f"s3://{bucket}/{key}", s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


@contextmanager
def aws_of(emulator: Emulator) -> Iterator[None]:
    """Inside, everything in this process that speaks to AWS speaks to the emulator."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(aws_environment(emulator.endpoint, emulator.home_region))
    dynamodb.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        dynamodb.cache_clear()


def _execution(client: Any, arn: str) -> Execution:
    described = client.describe_execution(executionArn=arn)
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    history = tuple(_moment(event) for page in pages for event in page["events"])
    return Execution(arn, described["status"], described.get("output", ""), history)


def _moment(event: dict[str, Any]) -> Moment:
    details = event.get("stateEnteredEventDetails") or event.get("stateExitedEventDetails") or {}
    return Moment(event["timestamp"], event["type"], details.get("name", ""))
