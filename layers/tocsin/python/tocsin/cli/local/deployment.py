"""What is deployed on the emulator, asked of its CloudFormation."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tocsin.cli.local.record import Emulator
from tocsin.cli.local.workspace import aws_environment

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

HOME_STACK = "Tocsin"
TOOLKIT = "CDKToolkit"
_FINISHED = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}


@dataclass(frozen=True)
class Addresses:
    """Where things answer on this machine; None for what is not deployed."""

    api: str | None
    status_page: str | None
    internal_status_page: str | None
    console: str | None
    report_form: str | None
    emulator: str

    def as_dict(self) -> dict[str, str | None]:
        return asdict(self)


def client(emulator: Emulator, service: str, region: str | None = None) -> Any:
    """A boto3 client of the emulator that reads nothing of the user's AWS configuration."""
    import boto3

    environment = aws_environment(emulator.endpoint, region or emulator.home_region)
    session: Any = boto3.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    return session.client(service, endpoint_url=emulator.endpoint)


def outputs(emulator: Emulator, stack: str = HOME_STACK) -> dict[str, str]:
    """The stack's outputs by key; empty when it is not there."""
    found = next((entry for entry in _stacks(emulator, emulator.home_region) if entry["StackName"] == stack), {})
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def addresses(emulator: Emulator) -> Addresses:
    known = outputs(emulator)
    api = known.get("ApiUrl", "").rstrip("/") or None
    return Addresses(
        api=api,
        status_page=_cloudfront(emulator, known.get("StatusPageDomain")),
        internal_status_page=_cloudfront(emulator, known.get("InternalStatusPageDomain")),
        console=_cloudfront(emulator, known.get("ConsoleDomain")),
        report_form=f"{api}/report" if api and known.get("ReportForm") else None,
        emulator=emulator.endpoint,
    )


def without_bootstrap(emulator: Emulator, regions: Iterable[str]) -> tuple[str, ...]:
    """The regions that CDK cannot deploy to yet. A bootstrap that was cut short is removed, to be repeated."""
    missing = []
    for region in regions:
        toolkit = next((entry for entry in _stacks(emulator, region) if entry["StackName"] == TOOLKIT), None)
        if toolkit and toolkit["StackStatus"] not in _FINISHED:
            client(emulator, "cloudformation", region).delete_stack(StackName=TOOLKIT)
        if not toolkit or toolkit["StackStatus"] not in _FINISHED:
            missing.append(region)
    return tuple(missing)


def unfinished(emulator: Emulator, regions: Iterable[str]) -> tuple[str, ...]:
    """Stacks whose deployment the emulator's last stop cut short: nothing will ever finish them."""
    entries = ((region, entry) for region in regions for entry in _stacks(emulator, region))
    return tuple(
        f"{entry['StackName']} in {region}"
        for region, entry in entries
        if entry["StackStatus"].endswith("_IN_PROGRESS")
    )


def _stacks(emulator: Emulator, region: str) -> Iterator[dict[str, Any]]:
    cloudformation: CloudFormationClient = client(emulator, "cloudformation", region)
    for page in cloudformation.get_paginator("describe_stacks").paginate():
        yield from (dict(stack) for stack in page["Stacks"])


def _cloudfront(emulator: Emulator, domain: str | None) -> str | None:
    """CloudFront's `<label>.cloudfront.net` as the emulator serves it."""
    return f"http://{domain.split('.')[0]}.cloudfront.localhost:{emulator.port}/" if domain else None
