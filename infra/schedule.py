"""Functions that a clock starts."""

from enum import Enum

from aws_cdk import Duration
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.function import Function
from infra.service_role import ServiceRole


class Every(Enum):
    """In minutes. Clocks strike by cron, not by a rate, which would count from the moment of deployment."""

    MINUTE = 1
    HOUR = 60


class Clock(Construct):
    """Tells the function as `scheduled_at` which minute or hour has begun.

    It strikes once for each, up to 60 seconds late: Scheduler is no more precise. What cannot be delivered before the
    next one is due is dropped. An hour's clock strikes `minutes_past`.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        every: Every,
        function: Function,
        dead_letters: sqs.IQueue,
        minutes_past: int = 0,
    ) -> None:
        super().__init__(scope, name)
        role = ServiceRole(self, "Role", service="scheduler")
        role.may("lambda:InvokeFunction", on=[function.function_arn])
        role.may("sqs:SendMessage", on=[dead_letters.queue_arn])
        scheduler.Schedule(
            self,
            "Schedule",
            schedule=scheduler.ScheduleExpression.cron(minute="*" if every is Every.MINUTE else str(minutes_past)),
            target=targets.LambdaInvoke(
                function,
                role=role.as_it_is,
                dead_letter_queue=dead_letters,
                input=scheduler.ScheduleTargetInput.from_object(
                    {"scheduled_at": scheduler.ContextAttribute.scheduled_time}
                ),
                max_event_age=Duration.minutes(every.value),
                retry_attempts=2,
            ),
        )
