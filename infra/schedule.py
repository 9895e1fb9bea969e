"""A function that runs each minute."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.function import Function


class EveryMinute(Construct):
    """A run that comes a minute late is the next one's work, so it is not delivered any more."""

    def __init__(self, scope: Construct, name: str, *, function: Function, dead_letters: sqs.IQueue) -> None:
        super().__init__(scope, name)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))
        # Written out here: CDK's grant would also reach every version of the function, by a wildcard.
        role.add_to_policy(iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn]))
        role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[dead_letters.queue_arn]))
        scheduler.Schedule(
            self,
            "Schedule",
            # Not a rate, which counts from the moment of deployment: what is planned for a minute begins with it.
            schedule=scheduler.ScheduleExpression.cron(minute="*"),
            target=targets.LambdaInvoke(
                function,
                role=role.without_policy_updates(),
                dead_letter_queue=dead_letters,
                max_event_age=Duration.minutes(1),
                retry_attempts=2,
            ),
        )
