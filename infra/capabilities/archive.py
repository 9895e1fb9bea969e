"""The archive: every event of the last month, to look at or to play again."""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from constructs import Construct

from infra.bus import Bus
from tocsin.domain.events import SOURCE


class Archive(Construct):
    def __init__(self, scope: Construct, name: str, *, bus: Bus) -> None:
        super().__init__(scope, name)
        events.Archive(
            self,
            "Events",
            source_event_bus=bus.event_bus,
            event_pattern=events.EventPattern(source=[SOURCE]),
            retention=Duration.days(30),
        )
