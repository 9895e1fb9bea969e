"""Minutes and an hour of a quiet day, through the real handlers: schedule_checks, run_checks, sweep, roll_up_results.

DynamoDB and SQS are moto's. Every shard of every region is run; only what a target would answer is made up.
"""

import importlib
import io
import logging
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws

from bench.cost.item_sizes import size_of
from bench.cost.meter import Meter, metered
from bench.cost.seeding import seed
from bench.cost.stand_in import StandIn
from tests.support.tables import DIRECTORY, INCIDENTS, MONITORING, REGION, create_tables
from tocsin.domain.check_plan import ShardDue
from tocsin.publishers.check_queue import sqs
from tocsin.settings import RollUpResultsSettings, RunChecksSettings, ScheduleChecksSettings, Settings, SweepSettings
from tocsin.stores import keys
from tocsin.stores.table import dynamodb

REGIONS = (REGION, "us-east-1", "ap-southeast-2")
MINUTES = 2
START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)

PLATFORM_LOG = 350
"""Bytes that Lambda logs for each invocation: START, END and REPORT, with the 26 that CloudWatch adds to a line."""
LINE = 26
_METRIC = re.compile(r'"Name": ?"(\w+)"')

_SERVICE = "bench"
_ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "POWERTOOLS_SERVICE_NAME": _SERVICE,
}

Progress = Callable[[str], None]


@dataclass
class Ran:
    """Invocations of one function. `computed` are processor seconds, without those of the stand-in for AWS."""

    times: int = 0
    computed: float = 0.0
    calls: int = 0
    logged: int = 0
    usage: dict[str, float] = field(default_factory=dict)
    payload: int = 0
    checks: int = 0


@dataclass
class Day:
    """`ran` is by function: of all minutes together, but of roll_up_results one hour of one shard."""

    monitors: int
    shards: int
    minutes: int
    ran: dict[str, Ran]
    stored: int
    summed: int
    """Bytes of the minute of one shard, and of its hour."""
    metrics: int
    """That run_checks and the others made, by their logs."""


class _Lambda:
    """Runs handlers and writes down what each uses."""

    def __init__(self, meter: Meter, log: io.StringIO) -> None:
        self.meter = meter
        self.ran: dict[str, Ran] = {}
        self._log = log

    def invoke(self, name: str, call: Callable[[], object]) -> None:
        ran = self.ran.setdefault(name, Ran())
        usage, calls, inside = self.meter.usage.copy(), self.meter.calls.total(), self.meter.seconds_inside
        payload, began = self.meter.payload, time.process_time()
        logged = self._log.tell()
        call()
        ran.computed += time.process_time() - began - (self.meter.seconds_inside - inside)
        ran.times += 1
        ran.calls += self.meter.calls.total() - calls
        ran.payload += self.meter.payload - payload
        for unit, units in self.meter.usage.items():
            ran.usage[unit] = ran.usage.get(unit, 0.0) + units - usage.get(unit, 0.0)
        self._log.seek(logged)
        said = self._log.read()
        ran.logged += len(said.encode()) + LINE * said.count("\n") + PLATFORM_LOG


def simulate(monitors: int, progress: Progress, minutes: int = MINUTES) -> Day:
    """Every target is up all the time. The first minute is run and not counted: in it, functions read their shards."""
    with _aws(), ExitStack() as stack:
        meter, log, queue_url = Meter(), io.StringIO(), _tables_and_queue()
        shards = seed(monitors, REGIONS, START)
        _forget()
        stack.enter_context(metered(meter))
        stack.enter_context(redirect_stdout(log))
        deployed = _Deployed(_functions(queue_url), queue_url, meter, log)
        for number in range(minutes + 1):
            progress(f"{monitors:,} monitors, minute {number} of {minutes}")
            if number == 1:
                deployed.start_counting()
            deployed.minute(START + (number + 1) * MINUTE)
        progress(f"{monitors:,} monitors, an hour of a shard is summed up")
        deployed.hour(START + (minutes + 2) * MINUTE)
        return Day(monitors, shards, minutes, deployed.ran, *_stored("0001"), len(set(_METRIC.findall(log.getvalue()))))


class _Deployed:
    """The functions, and the queue between two of them."""

    def __init__(self, functions: dict[str, ModuleType], queue_url: str, meter: Meter, log: io.StringIO) -> None:
        self._functions = functions
        self._queue_url = queue_url
        self._meter = meter
        self._log = log
        self._stand_in = StandIn()
        self._probes = {region: _loaded("run_checks") for region in REGIONS}
        for probe in self._probes.values():
            probe.prober = lambda: self._stand_in  # type: ignore[attr-defined]
        self.start_counting()

    def start_counting(self) -> None:
        self._lambda = _Lambda(self._meter, self._log)

    @property
    def ran(self) -> dict[str, Ran]:
        return self._lambda.ran

    def minute(self, at: datetime) -> None:
        for region in REGIONS:
            with patch.dict(os.environ, {"AWS_REGION": region}):
                self._invoke("schedule_checks", at, {"scheduled_at": at.isoformat()})
                for message in self._due():
                    self._run_checks(region, at, message)
        self._invoke("sweep", at + MINUTE, {})

    def hour(self, at: datetime) -> None:
        """The rest of the hour of one shard, then what comes of it."""
        counted, self._lambda = self._lambda, _Lambda(self._meter, self._log)
        while at < START + HOUR:
            self._run_shard(at)
            at += MINUTE
        roll_up = self._functions["roll_up_results"].roll_up
        counted.invoke("roll_up_results", lambda: roll_up(REGION, "0001", START + HOUR + 7 * MINUTE))
        self._lambda = counted

    def _run_shard(self, minute: datetime) -> None:
        """The first one at home, without the clock and the queue."""
        with patch.dict(os.environ, {"AWS_REGION": REGION}):
            due = ShardDue(region=REGION, shard_id="0001", minute=minute, fingerprint="unknown")
            sent = {"SentTimestamp": str(int(minute.timestamp() * 1000))}
            self._run_checks(
                REGION, minute, {"Body": due.model_dump_json(), "Attributes": sent, "ReceiptHandle": "none"}
            )

    def _run_checks(self, region: str, at: datetime, message: dict[str, Any]) -> None:
        """Each region has a process of its own, which remembers its shards."""
        self._functions["run_checks"] = self._probes[region]
        checks = self._stand_in.checks
        self._invoke("run_checks", at, _delivered(message))
        self.ran["run_checks"].checks += self._stand_in.checks - checks

    def _invoke(self, name: str, now: datetime, event: dict[str, Any]) -> None:
        function: Any = self._functions[name]
        if hasattr(function, "utc_now"):
            function.utc_now = lambda: now
        self._lambda.invoke(name, lambda: function.handler(event, None))

    def _due(self) -> Iterator[dict[str, Any]]:
        """As Lambda takes them: one request for each message, another to delete it."""
        while True:
            answer: Any = sqs().receive_message(QueueUrl=self._queue_url, AttributeNames=["All"])
            if not answer.get("Messages"):
                return
            (message,) = answer["Messages"]
            yield message
            sqs().delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])


@contextmanager
def _aws() -> Iterator[None]:
    """A stand-in for AWS, with clients of its own."""
    with patch.dict(os.environ, _ENVIRONMENT), mock_aws():
        boto3.setup_default_session()
        _forget()
        try:
            yield
        finally:
            _forget()
            boto3.DEFAULT_SESSION = None


def _tables_and_queue() -> str:
    """Made by clients that are not metered."""
    create_tables()
    made = boto3.client("sqs").create_queue(QueueName="checks.fifo", Attributes={"FifoQueue": "true"})
    return str(made["QueueUrl"])


def _forget() -> None:
    """Clients, and the logger, which keeps the output that it was made with."""
    logging.Logger.manager.loggerDict.pop(_SERVICE, None)
    dynamodb.cache_clear()
    sqs.cache_clear()


def _functions(queue_url: str) -> dict[str, ModuleType]:
    tables = {"directory_table": DIRECTORY, "monitoring_table": MONITORING}
    told: dict[str, Settings] = {
        "schedule_checks": ScheduleChecksSettings(
            home_region=REGION, directory_table=DIRECTORY, check_queue_url=queue_url
        ),
        "run_checks": RunChecksSettings(home_region=REGION, check_queue_url=queue_url, **tables),
        "roll_up_results": RollUpResultsSettings(**tables),
        "sweep": SweepSettings(
            incidents_table=INCIDENTS, state_machine_arn="arn:aws:states:::stateMachine:none", **tables
        ),
    }
    for settings in told.values():
        os.environ.update(settings.as_environment())
    return {name: _loaded(name) for name in told}


def _loaded(name: str) -> ModuleType:
    """Fresh: it remembers nothing."""
    sys.modules.pop(f"functions.{name}.handler", None)
    return importlib.import_module(f"functions.{name}.handler")


def _delivered(message: dict[str, Any]) -> dict[str, Any]:
    record = {"body": message["Body"], "attributes": message["Attributes"], "receiptHandle": message["ReceiptHandle"]}
    return {"Records": [record]}


def _stored(shard_id: str) -> tuple[int, int]:
    """Bytes of a shard's minute, one in the middle of the simulation, and of its hour. The client is not metered."""
    found = [
        boto3.Session()
        .client("dynamodb")
        .query(
            TableName=MONITORING,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": partition}},
        )["Items"]
        for partition in (keys.shard_minutes(REGION, shard_id), keys.shard_hours(REGION, shard_id))
    ]
    minutes, hours = found
    return size_of(minutes[1]), size_of(hours[0])
