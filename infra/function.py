"""The house function: what is the same for every Lambda function of Tocsin."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.acknowledged import keep, keep_wildcard
from infra.configuration import Network
from infra.layers import Layers
from infra.operations import Operations
from tocsin.settings import Settings

FUNCTIONS = Path(__file__).parent.parent / "functions"


_FAST_START = {"PYDANTIC_DISABLE_PLUGINS": "__all__"}
"""There are none, and looking for them through all packages would take a quarter as long as importing pydantic."""


class Function(lambda_.Function):
    """`RunChecks` is the code in `functions/run_checks`, told `settings`, with a role and a log of its own.

    `dead_letters` takes what an asynchronous caller could not deliver; functions behind a queue have theirs there.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        settings: Settings,
        timeout: Duration,
        memory: int = 512,
        dead_letters: sqs.IQueue | None = None,
        network: Network | None = None,
    ) -> None:
        folder = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        log = logs.LogGroup(
            scope, f"{name}Log", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY
        )
        self._role = iam.Role(scope, f"{name}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log.grant_write(self._role)
        super().__init__(
            scope,
            name,
            code=lambda_.Code.from_asset(str(FUNCTIONS / folder), exclude=["**/__pycache__"]),
            handler="handler.handler",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            layers=Layers.of(scope).all,
            role=self._role,
            log_group=log,
            environment={**settings.as_environment(), "POWERTOOLS_SERVICE_NAME": folder, **_FAST_START},
            timeout=timeout,
            memory_size=memory,
            dead_letter_queue=dead_letters,
            **_inside(scope, name, network),
        )
        if network:
            self._keep_network_rights()
        self.folder = folder
        self.time_limit = timeout
        Operations.of(self).count_failures(log)

    def may(
        self,
        *actions: str,
        on: str,
        wildcard: str | None = None,
        only_if: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Exactly these rights on this ARN; `wildcard` is the reason why it has to contain one."""
        self.add_to_role_policy(iam.PolicyStatement(actions=list(actions), resources=[on], conditions=only_if))
        if wildcard:
            keep_wildcard(self._role, on, wildcard)

    def _keep_network_rights(self) -> None:
        """CDK grants what Lambda needs to make and remove the function's network interfaces, by AWS's own policy."""
        policy = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
        keep(self._role, f"IAM4[{policy}]", "The actions of EC2 in it know no resources, so our own would be the same.")

    def own_metric(self, name: str) -> cloudwatch.Metric:
        """What the function counts by itself: CloudWatch takes it from its log, so no right to any metric is needed."""
        return cloudwatch.Metric(
            namespace="Tocsin",
            metric_name=name,
            dimensions_map={"service": self.folder},
            period=Duration.minutes(1),
            statistic="Sum",
        )


def _inside(scope: Construct, name: str, network: Network | None) -> dict[str, Any]:
    """By ids alone: a look-up at synthesis would need the account."""
    if network is None:
        return {}
    groups = network.security_group_ids
    # Any zones will do: Lambda takes the subnets alone, but CDK wants as many of these as there are of those.
    zones = [f"zone-{number}" for number, _ in enumerate(network.subnet_ids)]
    return {
        "vpc": ec2.Vpc.from_vpc_attributes(
            scope,
            f"{name}Vpc",
            vpc_id=network.vpc_id,
            availability_zones=zones,
            private_subnet_ids=list(network.subnet_ids),
        ),
        "security_groups": [
            ec2.SecurityGroup.from_security_group_id(scope, f"{name}{group}", group, mutable=False) for group in groups
        ],
    }
