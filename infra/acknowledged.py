"""Findings of cdk-nag that we looked at and keep, each with the reason beside the resource."""

from typing import Any

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def keep(construct: IConstruct, rule: str, reason: str) -> None:
    """`rule` without its pack, as `CFR3`."""
    Validations.of(construct).acknowledge(Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason))


def keep_wildcard(construct: IConstruct, arn: str, reason: str) -> None:
    """That a policy of `construct` has a wildcard in `arn`, a resource's ARN and something after it."""
    _, parts = Stack.of(construct).resolve(arn)["Fn::Join"]
    keep(construct, f"IAM5[Resource::{''.join(map(_written, parts))}]", reason)


def _written(part: str | dict[str, Any]) -> str:
    """As cdk-nag writes it."""
    match part:
        case {"Ref": str(name)}:
            return f"<{name}>"
        case {"Fn::GetAtt": list(names)}:
            return f"<{'.'.join(names)}>"
        case _:
            return str(part)
