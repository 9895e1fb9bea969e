"""A function that runs each minute."""

from aws_cdk import Duration
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.function import Function
from infra.service_role import ServiceRole


class EveryMinute(Construct):
    """A run that comes a minute late is the next one's work, so it is not delivered any more."""

    def __init__(self, scope: Construct, name: str, *, function: Function, dead_letters: sqs.IQueue) -> None:
        super().__init__(scope, name)
        role = ServiceRole(self, "Role", service="scheduler")
        role.may("lambda:InvokeFunction", on=[function.function_arn])
        role.may("sqs:SendMessage", on=[dead_letters.queue_arn])
        scheduler.Schedule(
            self,
            "Schedule",
            # Not a rate, which counts from the moment of deployment: what is planned for a minute begins with it.
            schedule=scheduler.ScheduleExpression.cron(minute="*"),
            target=targets.LambdaInvoke(
                function,
                role=role.as_it_is,
                dead_letter_queue=dead_letters,
                max_event_age=Duration.minutes(1),
                retry_attempts=2,
            ),
        )
