"""Queues: the work of one function, and where work ends up that could not be done."""

from aws_cdk import Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.function import Function
from infra.operations import Operations


class DeadLetters(sqs.Queue):
    """Kept as long as SQS keeps anything, and the first letter alarms; unless they are worthless earlier."""

    def __init__(
        self, scope: Construct, name: str, *, of: str, kept: Duration | None = None, in_order: bool = False
    ) -> None:
        super().__init__(
            scope,
            name,
            # CloudFormation takes `true` or nothing.
            fifo=in_order or None,
            retention_period=kept or Duration.days(14),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )
        if kept is None:
            self._alarm_at_the_first(of)

    def _alarm_at_the_first(self, of: str) -> None:
        Operations.of(self).alarm(
            self,
            "NotEmpty",
            metric=self.metric_approximate_number_of_messages_visible(period=Duration.minutes(1), statistic="Maximum"),
            at_least=1,
            says=f"{of} gave up on some work: it waits in its dead-letter queue",
        )


class WorkQueue(sqs.Queue):
    """What waits for one function; `in_order` within a message group, of which one message is worked on at a time."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        visibility: Duration,
        attempts: int,
        retention: Duration | None = None,
        letters_kept: Duration | None = None,
        in_order: bool = False,
    ) -> None:
        self.dead_letters = DeadLetters(scope, f"{name}DeadLetters", of=name, kept=letters_kept, in_order=in_order)
        super().__init__(
            scope,
            name,
            fifo=in_order or None,
            visibility_timeout=visibility,
            retention_period=retention or Duration.days(4),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=attempts),
        )

    def feed(self, function: Function, *, batch_size: int) -> None:
        """The function gets the messages and answers which of a batch failed.

        Not an SqsEventSource: it would add rights that polling does not use.
        """
        self.grant(function, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
        lambda_.EventSourceMapping(
            function,
            "Queue",
            target=function,
            event_source_arn=self.queue_arn,
            batch_size=batch_size,
            report_batch_item_failures=True,
        )
