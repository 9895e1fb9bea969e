"""What is deployed, as the stack's outputs say."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tocsin.cli.aws_failures import clear_failures
from tocsin.domain.directory import Regions
from tocsin.errors import NotFoundError, RefusedError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


@dataclass(frozen=True)
class Deployment:
    stack: str
    home_region: str
    probe_regions: tuple[str, ...]
    directory_table: str
    monitoring_table: str
    api_url: str
    heartbeat_key_secret: str


def deployment_here(stack: str) -> Deployment:
    """The deployment whose home is the region that AWS's own settings name (`AWS_REGION`, the profile's).

    Raises NotFoundError when there is none, RefusedError when no region is named.
    """
    import boto3

    region = boto3.Session().region_name
    if region is None:
        raise RefusedError("which region? Set AWS_REGION to the home region, or AWS_PROFILE to a profile that names it")
    return _deployment(stack, region)


def find_deployment(stack: str, regions: Regions) -> Deployment:
    """The deployment that a file with these regions is for.

    Raises NotFoundError when there is none in the home region, RefusedError when it has other regions.
    """
    found = _deployment(stack, regions.home)
    _check_regions(found, regions)
    return found


def _deployment(stack: str, region: str) -> Deployment:
    outputs = _outputs(stack, region)
    try:
        return Deployment(
            stack=stack,
            home_region=outputs["HomeRegion"],
            probe_regions=tuple(outputs["ProbeRegions"].split(",")),
            directory_table=outputs["DirectoryTable"],
            monitoring_table=outputs["MonitoringTable"],
            api_url=outputs["ApiUrl"],
            heartbeat_key_secret=outputs["HeartbeatKeySecret"],
        )
    except KeyError as missing:
        raise RefusedError(f"the stack {stack} in {region} has no output {missing}; is it Tocsin's?") from None


def _outputs(stack: str, region: str) -> dict[str, str]:
    with clear_failures():
        client = _cloudformation(region)
        try:
            stacks = client.describe_stacks(StackName=stack)["Stacks"]
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            raise NotFoundError(f"{region} has no stack {stack}; deploy first, or name another with --stack") from error
    return {output["OutputKey"]: output["OutputValue"] for output in stacks[0].get("Outputs", [])}


def _cloudformation(region: str) -> "CloudFormationClient":
    import boto3
    from botocore.config import Config

    retries = Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, read_timeout=20)
    return boto3.client("cloudformation", region_name=region, config=retries)


def _check_regions(found: Deployment, regions: Regions) -> None:
    if found.home_region != regions.home:
        raise RefusedError(f"regions.home is {regions.home}, but {found.stack} has its home in {found.home_region}")
    missing = ", ".join(region for region in regions.probes if region not in found.probe_regions)
    unnamed = ", ".join(region for region in found.probe_regions if region not in regions.probes)
    if missing:
        raise RefusedError(f"regions.probes names {missing}, where {found.stack} is not deployed; deploy there first")
    if unnamed:
        raise RefusedError(f"regions.probes lacks {unnamed}, where {found.stack} is deployed; add it to the file")
