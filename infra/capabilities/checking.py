"""Checks, in each region that probes: each minute the shards are put into a queue, and run from it."""

from aws_cdk import Duration
from constructs import Construct

from infra.function import Function
from infra.queue import DeadLetters, WorkQueue
from infra.schedule import Clock, Every
from infra.storage import Records
from tocsin.settings import RunChecksSettings, ScheduleChecksSettings

RUN = Duration.seconds(90)


class Checking(Construct):
    def __init__(
        self, scope: Construct, name: str, *, home_region: str, directory: Records, monitoring: Records
    ) -> None:
        super().__init__(scope, name)
        # A check is worthless once the next minute's is due: it is tried twice and then let go.
        checks = WorkQueue(self, "Checks", visibility=RUN, attempts=2, retention=Duration.minutes(5))

        unscheduled = DeadLetters(self, "Unscheduled", of="schedule_checks")
        schedule_checks = Function(
            self,
            "ScheduleChecks",
            settings=ScheduleChecksSettings(
                home_region=home_region, directory_table=directory.name, check_queue_url=checks.queue_url
            ),
            timeout=Duration.seconds(15),
            dead_letters=unscheduled,
        )
        directory.let(schedule_checks, "GetItem")
        checks.grant(schedule_checks, "sqs:SendMessage")
        Clock(self, "Clock", every=Every.MINUTE, function=schedule_checks, dead_letters=unscheduled)

        run_checks = Function(
            self,
            "RunChecks",
            settings=RunChecksSettings(
                home_region=home_region, directory_table=directory.name, monitoring_table=monitoring.name
            ),
            timeout=RUN,
        )
        directory.let(run_checks, "GetItem")
        monitoring.let(run_checks, "GetItem", "PutItem")
        checks.feed(run_checks, batch_size=1)
