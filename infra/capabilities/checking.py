"""Checks, in each region that probes: each minute the shards are put into a queue, and run from it."""

from aws_cdk import ArnFormat, Duration, Stack
from constructs import Construct

from infra.configuration import Network
from infra.function import Function
from infra.operations import Operations
from infra.queue import DeadLetters, WorkQueue
from infra.schedule import Clock, Every
from infra.storage import Records
from tocsin.settings import RunChecksSettings, ScheduleChecksSettings

RUN = Duration.seconds(90)


class Checking(Construct):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        home_region: str,
        directory: Records,
        monitoring: Records,
        network: Network | None,
    ) -> None:
        super().__init__(scope, name)
        self._network = network
        # The minutes of a shard are a message group, so its runs never overlap. A check is worthless once the next
        # minute's is due: it is tried twice and then let go. Nobody can do anything with the letter, so it does not
        # alarm: the failures that led to it do.
        checks = WorkQueue(
            self,
            "Checks",
            visibility=RUN,
            attempts=2,
            retention=Duration.minutes(5),
            letters_kept=Duration.hours(1),
            in_order=True,
        )

        self._schedule(home_region, directory, checks)
        self._run(home_region, directory, monitoring, checks)

    def _schedule(self, home_region: str, directory: Records, checks: WorkQueue) -> None:
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

    def _run(self, home_region: str, directory: Records, monitoring: Records, checks: WorkQueue) -> None:
        run_checks = Function(
            self,
            "RunChecks",
            settings=RunChecksSettings(
                home_region=home_region,
                check_queue_url=checks.queue_url,
                directory_table=directory.name,
                monitoring_table=monitoring.name,
            ),
            timeout=RUN,
            network=self._network,
        )
        directory.let(run_checks, "GetItem")
        monitoring.let(run_checks, "Query", "PutItem")
        run_checks.may(
            "secretsmanager:GetSecretValue",
            on=_monitor_secrets(self, home_region),
            wildcard="Monitors name their secrets in the file; what is below tocsin/ is there for them.",
        )
        checks.feed(run_checks, batch_size=1)
        checks.grant(run_checks, "sqs:ChangeMessageVisibility")
        Operations.of(self).alarm(
            run_checks,
            "Overrunning",
            metric=run_checks.own_metric("Overrun"),
            at_least=1,
            minutes=5,
            says="For five minutes shards were not done within their minute, so checks are late: "
            "monitors with short intervals have time-outs that are too long for them",
        )
        Operations.of(self).alarm(
            run_checks,
            "Blind",
            metric=run_checks.own_metric("BlindRegion"),
            at_least=1,
            minutes=3,
            says="For three minutes most checks from here failed on the network and none of the witnesses answered, "
            "so this region says nothing: see the log group of run_checks",
        )
        # A function that is not called fails nowhere, so its errors tell nothing.
        Operations.of(self).alarm(
            run_checks,
            "Silent",
            metric=run_checks.metric_invocations(period=Duration.minutes(1), statistic="Sum"),
            below=1,
            minutes=5,
            says="For five minutes nothing was checked from here: the clock does not start schedule_checks, shards are "
            "not queued or not taken, or `tocsin apply` has put no monitors into this region yet",
        )


def _monitor_secrets(scope: Construct, region: str) -> str:
    return Stack.of(scope).format_arn(
        service="secretsmanager",
        region=region,
        resource="secret",
        resource_name="tocsin/*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
