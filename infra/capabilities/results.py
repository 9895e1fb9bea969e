"""Results: what the regions found is summed up, by the hour and by the day."""

from aws_cdk import Duration
from constructs import Construct

from infra.function import Function
from infra.queue import DeadLetters
from infra.schedule import Clock, Every
from infra.storage import Records
from tocsin.settings import RollUpResultsSettings


class Results(Construct):
    def __init__(self, scope: Construct, name: str, *, directory: Records, monitoring: Records) -> None:
        super().__init__(scope, name)
        missed = DeadLetters(self, "Missed", of="roll_up_results")
        roll_up_results = Function(
            self,
            "RollUpResults",
            settings=RollUpResultsSettings(directory_table=directory.name, monitoring_table=monitoring.name),
            # At midnight ten thousand monitors of three regions have 43 million results to be summed up. What does not
            # fit is done an hour later.
            timeout=Duration.minutes(15),
            memory=1024,
            dead_letters=missed,
        )
        directory.let(roll_up_results, "GetItem")
        monitoring.let(roll_up_results, "Query", "PutItem")
        # The hour's last run may save three minutes after it.
        Clock(self, "Clock", every=Every.HOUR, minutes_past=7, function=roll_up_results, dead_letters=missed)
