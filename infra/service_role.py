"""Roles that an AWS service takes on for us."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct


class ServiceRole(iam.Role):
    """`service` may take it on for this account only, and then do what `may` says.

    CDK is handed it by `as_it_is`: its own grants reach every version of a function, by a wildcard.
    """

    def __init__(self, scope: Construct, name: str, *, service: str) -> None:
        here = {"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
        super().__init__(scope, name, assumed_by=iam.ServicePrincipal(f"{service}.amazonaws.com", conditions=here))

    def may(self, action: str, *, on: list[str]) -> None:
        self.add_to_policy(iam.PolicyStatement(actions=[action], resources=on))

    @property
    def as_it_is(self) -> iam.IRole:
        return self.without_policy_updates()
