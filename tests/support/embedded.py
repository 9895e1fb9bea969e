"""The embedded stack as the stories use it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import yaml
from rich.console import Console

from demo.observer import Execution, Observer, aws_of
from demo.shop import Shop
from tests.support import stories
from tests.support.faults import Faults, faults_before
from tests.support.polling import eventually
from tocsin.cli.local import deployment, ports, stack
from tocsin.cli.local.inbox import Email
from tocsin.cli.local.steps import Steps
from tocsin.cli.local.workspace import Workspace, aws_environment
from tocsin.clock import utc_now
from tocsin.domain.incidents import Incident, IncidentStatus

NEXT_ROUND = 60
LATELY = timedelta(minutes=3)
CONFIRMED = 60
"""Seconds that a confirmed change of a monitor may take once its checks run."""


@dataclass(frozen=True)
class Embedded:
    workspace: Workspace
    observer: Observer
    faults: Faults
    shops: Mapping[str, Shop]
    options: stack.Options

    def tocsin(self, *arguments: str) -> str:
        """What the command says, as a person runs it who works with the embedded stack."""
        at = self.observer.emulator
        environment = {**os.environ, **aws_environment(at.endpoint, at.home_region)}
        command = [sys.executable, "-m", "tocsin.cli.main", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    def story(self, name: str) -> "Outage":
        return Outage(self, name)

    def dead_letters(self) -> dict[str, int]:
        """How many messages nobody could handle, by queue; only queues that have some."""
        sqs = deployment.client(self.observer.emulator, "sqs")
        queues = [queue for queue in sqs.list_queues().get("QueueUrls", []) if "DeadLetters" in queue]
        name = "ApproximateNumberOfMessages"
        counts = {
            queue: int(sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name])
            for queue in queues
        }
        return {queue.rsplit("/", 1)[1]: count for queue, count in counts.items() if count}


@dataclass
class Outage:
    """One story's shop, and what is seen of it."""

    embedded: Embedded
    name: str
    began: datetime = field(default_factory=utc_now)

    @cached_property
    def shop(self) -> Shop:
        return self.embedded.shops[self.name]

    @property
    def observer(self) -> Observer:
        return self.embedded.observer

    def begins(self, checked_since: datetime | None = None) -> None:
        """The shop closes, once every region has found it open: lately, or since then."""
        since = checked_since or utc_now() - LATELY
        eventually(
            f"the shop of {self.name} is up", lambda: self.observer.is_up(self.name, since), within=2 * NEXT_ROUND + 60
        )
        self.began = utc_now()
        self.shop.close()

    def ends(self) -> Incident:
        self.shop.open()
        return self.becomes(IncidentStatus.RESOLVED, within=NEXT_ROUND + CONFIRMED)

    def incident(self, within: float = NEXT_ROUND + CONFIRMED) -> Incident:
        return eventually(
            f"an incident for {self.name}", lambda: self.observer.newest_incident(self.name, self.began), within=within
        )

    def becomes(self, status: IncidentStatus, within: float = 60) -> Incident:
        def there() -> Incident | None:
            found = self.observer.newest_incident(self.name, self.began)
            return found if found and found.status is status else None

        return eventually(f"the incident of {self.name} is {status}", there, within=within)

    def emails(self, *roles: str) -> tuple[Email, ...]:
        """Oldest first; to everybody of the story unless roles are named."""
        addresses = {stories.address(self.name, role) for role in roles or (*stories.STEPS, stories.FALLBACK)}
        return tuple(
            email
            for email in self.observer.inbox.everything()
            if addresses & set(email.to) and email.received_at >= self.began
        )

    def email(self, role: str, within: float = 60) -> Email:
        return eventually(f"{role} of {self.name} is paged", lambda: self.emails(role), within=within)[0]

    def execution(self, within: float = 60) -> Execution:
        """Of the escalation, once it is over."""
        incident = self.incident()

        def ended() -> Execution | None:
            executions = self.observer.executions(incident.incident_id)
            return next((execution for execution in executions if execution.status != "RUNNING"), None)

        return eventually(f"the escalation of {self.name} ends", ended, within=within)

    def timeline(self) -> tuple[str, ...]:
        """The kinds of its entries."""
        return tuple(entry.kind for entry in self.observer.incidents.timeline(self.incident().incident_id))


@contextmanager
def embedded_stack(root: Path, state: Path, names: tuple[str, ...]) -> Iterator[Embedded]:
    """Everything deployed, a fault injector between the functions and AWS, and an open shop for each story."""
    state.mkdir(parents=True, exist_ok=True)
    # Not the first free ones: a story stops the emulator, and another run must not take its port meanwhile.
    free = ports.free(20_000 + os.getpid() % 10_000)
    port, proxy = next(free), next(free)
    workspace = Workspace(root, state)
    with ExitStack() as cleanup:
        shops = {name: cleanup.enter_context(Shop()) for name in names}
        faults = cleanup.enter_context(faults_before(f"http://127.0.0.1:{port}", proxy, state / "faults.log"))
        file = state / "tocsin.yaml"
        file.write_text(yaml.safe_dump(stories.a_file(shops)))
        options = stack.Options(file, port=port, workers_endpoint=faults.endpoint)
        cleanup.callback(stack.down, workspace)
        emulator = stack.up(workspace, options, Steps(Console(stderr=True)))
        cleanup.enter_context(aws_of(emulator))
        yield Embedded(workspace, Observer(emulator), faults, shops, options)
