"""The sweeper: each minute it moves on what is overdue, and says that all is clean."""

from aws_cdk import Duration
from constructs import Construct

from infra.capabilities.escalation import Escalation
from infra.function import Function
from infra.operations import Operations
from infra.queue import DeadLetters
from infra.schedule import Clock, Every
from infra.storage import Records
from tocsin.settings import SweepSettings


class Sweeping(Construct):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        directory: Records,
        monitoring: Records,
        incidents: Records,
        escalation: Escalation,
    ) -> None:
        super().__init__(scope, name)
        missed = DeadLetters(self, "Missed", of="sweep")
        sweep = Function(
            self,
            "Sweep",
            settings=SweepSettings(
                directory_table=directory.name,
                monitoring_table=monitoring.name,
                incidents_table=incidents.name,
                state_machine_arn=escalation.state_machine.state_machine_arn,
            ),
            timeout=Duration.seconds(30),
            dead_letters=missed,
        )
        directory.let(sweep, "GetItem", "Query")
        monitoring.let(sweep, "GetItem", "PutItem", "DeleteItem", "Query")
        monitoring.let_query(sweep, "due")
        incidents.let(sweep, "PutItem")
        incidents.let_query(sweep, "due")
        escalation.let_start(sweep)
        Clock(self, "Clock", every=Every.MINUTE, function=sweep, dead_letters=missed)

        Operations.of(self).alarm(
            self,
            "NotClean",
            metric=sweep.own_metric("AllClean"),
            below=1,
            minutes=5,
            says="For five minutes the sweeper found work overdue, or did not run at all",
        )
        Operations.of(self).alarm(
            self,
            "SeesNothing",
            metric=sweep.own_metric("UnknownMonitors"),
            at_least=1,
            minutes=5,
            says="For five minutes there were monitors of which no region knows anything: they are shown as unknown",
        )
