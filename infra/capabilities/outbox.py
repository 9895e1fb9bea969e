"""The outbox: what a transaction left in a table goes onto the bus."""

import json

import jsii
from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.acknowledged import keep
from infra.bus import Bus
from infra.function import Function
from infra.operations import Operations
from infra.queue import DeadLetters
from infra.storage import RecordTable
from tocsin.settings import RelayEventsSettings

# As `tocsin.stores.keys.OUTBOX_PREFIX`; a test compares them, for infra imports no adapter.
OUTBOX_PREFIX = "OUTBOX#"
ENTRIES_PER_PUT = 10


class Outbox(Construct):
    def __init__(self, scope: Construct, name: str, *, tables: list[RecordTable], bus: Bus) -> None:
        super().__init__(scope, name)
        self._lost = DeadLetters(self, "NotRelayed", of="relay_events")
        self._relay = Function(
            self,
            "RelayEvents",
            settings=RelayEventsSettings(event_bus=bus.name),
            timeout=Duration.seconds(10),
        )
        keep(self._lost, "SQS3", "It is a dead-letter queue, of streams and not of another queue.")
        bus.let_publish(self._relay)
        for table in tables:
            self._follow(table)
        Operations.of(self).alarm(
            self,
            "Late",
            metric=self._relay.metric("IteratorAge", period=Duration.minutes(1), statistic="Maximum"),
            at_least=60_000,
            says="relay_events is a minute behind: events reach nobody meanwhile",
        )

    def _follow(self, table: RecordTable) -> None:
        """Tries for as long as the stream keeps a record, half a batch at a time, and then says which were lost."""
        stream = table.table_stream_arn or ""
        self._relay.may("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", on=stream)
        self._relay.may(
            "dynamodb:ListStreams",
            on=f"{table.table_arn}/stream/*",
            wildcard="Lambda lists a table's streams before it reads one; listing names no stream.",
        )
        self._relay.add_event_source_mapping(
            f"{table.node.id}Stream",
            event_source_arn=stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=ENTRIES_PER_PUT,
            bisect_batch_on_error=True,
            retry_attempts=-1,
            max_record_age=Duration.hours(24),
            on_failure=_Lost(self._lost),
            filters=[_new_outbox_entries()],
        )


def _new_outbox_entries() -> dict[str, str]:
    """Only insertions: TTL removes old entries, and those removals are in the stream too."""
    return {
        "pattern": json.dumps(
            {"eventName": ["INSERT"], "dynamodb": {"Keys": {"pk": {"S": [{"prefix": OUTBOX_PREFIX}]}}}}
        )
    }


@jsii.implements(lambda_.IEventSourceDlq)
class _Lost:
    """Not CDK's SqsDlq: it adds rights that sending does not use."""

    def __init__(self, queue: DeadLetters) -> None:
        self._queue = queue

    def bind(self, target: lambda_.IEventSourceMapping, handler: lambda_.IFunction) -> lambda_.DlqDestinationConfig:
        self._queue.grant(handler, "sqs:SendMessage")
        return lambda_.DlqDestinationConfig(destination=self._queue.queue_arn)
