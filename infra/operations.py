"""Who is told when Tocsin itself is unwell: one topic per stack, and the alarms that feed it."""

from typing import Self, cast

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class Operations(Construct):
    """An alarm can only reach a topic of its own region, so each stack has one."""

    def __init__(self, scope: Construct, *, email: str | None) -> None:
        super().__init__(scope, "Operations")
        self.topic = sns.Topic(self, "Topic", display_name="Tocsin operations", enforce_ssl=True)
        self.topic.add_to_resource_policy(_alarms_may_publish(self.topic))
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        # An alarm on an expression is paid for by each metric in it, so all functions of a stack share one: their logs
        # write it, and only when there is something to count.
        self._failures = cloudwatch.Metric(
            namespace="Tocsin",
            metric_name=f"Failures of {Stack.of(self).stack_name}",
            period=Duration.minutes(5),
            statistic="Sum",
        )
        self.alarm(
            self,
            "Failing",
            metric=self._failures,
            at_least=3,
            says="Three times in five minutes a function of this stack failed: `Errors` in AWS/Lambda says which one, "
            "its log group why",
        )

    @classmethod
    def of(cls, scope: Construct) -> Self:
        return cast(Self, Stack.of(scope).node.find_child("Operations"))

    def count_failures(self, log: logs.LogGroup) -> None:
        """What Lambda writes into the log of a function that raised, took too long, or was ended."""
        log.add_metric_filter(
            "Failures",
            filter_pattern=logs.FilterPattern.any_term("[ERROR]", "Task timed out", "Runtime exited"),
            metric_namespace=self._failures.namespace,
            metric_name=self._failures.metric_name,
        )

    def alarm(
        self,
        scope: Construct,
        name: str,
        *,
        says: str,
        metric: cloudwatch.IMetric,
        at_least: int | None = None,
        below: int | None = None,
        minutes: int = 1,
    ) -> None:
        """Tells `says` when the metric was `at_least`, or `below`, a number for `minutes` in a row.

        No data is well for `at_least` and a failure for `below`.
        """
        comparison, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
        alarm = cloudwatch.Alarm(
            scope,
            name,
            metric=metric,
            alarm_description=says,
            threshold=cast(int, at_least if below is None else below),
            comparison_operator=comparison.GREATER_THAN_OR_EQUAL_TO_THRESHOLD
            if below is None
            else comparison.LESS_THAN_THRESHOLD,
            evaluation_periods=minutes,
            treat_missing_data=missing.NOT_BREACHING if below is None else missing.BREACHING,
        )
        alarm.add_alarm_action(actions.SnsAction(self.topic))


def _alarms_may_publish(topic: sns.Topic) -> iam.PolicyStatement:
    """A topic with a policy of its own loses the default one, by which alarms of the account reach it."""
    return iam.PolicyStatement(
        sid="AlarmsMayPublish",
        principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        actions=["sns:Publish"],
        resources=[topic.topic_arn],
        conditions={"StringEquals": {"aws:SourceAccount": Stack.of(topic).account}},
    )
