"""The bus: who gets which event is said by `deliver` and nowhere else."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra.function import Function
from infra.queue import WorkQueue
from tocsin.domain.events import SOURCE
from tocsin.domain.record import Event

ATTEMPTS = 10


class Bus(Construct):
    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.event_bus = events.EventBus(self, "EventBus")

        self.name = self.event_bus.event_bus_name

    def let_publish(self, function: Function) -> None:
        self.event_bus.grant_put_events_to(function)

    def deliver(self, *wanted: type[Event], to: Function, at_once: int = 10) -> None:
        """Each event of these classes reaches `to` at least once, through a queue of its own, `at_once` to a call.

        Raises ValueError when the function gets events already: its queue and its rule are one.
        """
        if to.node.try_find_child("Work"):
            raise ValueError(f"{to.folder} gets events already: name all of them in one deliver")
        # AWS advises six times: a poller that is throttled must not find its messages given to another one.
        visibility = Duration.seconds(6 * to.time_limit.to_seconds())
        queue = WorkQueue(to, "Work", visibility=visibility, attempts=ATTEMPTS)
        queue.feed(to, batch_size=at_once)
        events.Rule(
            to,
            "Rule",
            event_bus=self.event_bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[event.__name__ for event in wanted]),
            targets=[targets.SqsQueue(queue, dead_letter_queue=queue.dead_letters)],
        )
