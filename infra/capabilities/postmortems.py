"""Postmortems: a draft is written when an incident ends, for people to finish."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledged import keep
from infra.bus import Bus
from infra.function import Function
from infra.storage import Records
from tocsin.domain.events import IncidentResolved
from tocsin.settings import DraftPostmortemSettings


class Postmortems(Construct):
    def __init__(self, scope: Construct, name: str, *, directory: Records, incidents: Records, bus: Bus) -> None:
        super().__init__(scope, name)
        # Versioned: people edit what was drafted.
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            versioned=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        keep(self.bucket, "S1", "Only one function writes to it, and its own log says what.")
        draft_postmortem = Function(
            self,
            "DraftPostmortem",
            settings=DraftPostmortemSettings(
                directory_table=directory.name, incidents_table=incidents.name, bucket=self.bucket.bucket_name
            ),
            timeout=Duration.seconds(15),
        )
        directory.let(draft_postmortem, "GetItem")
        incidents.let(draft_postmortem, "GetItem", "Query", "PutItem")
        draft_postmortem.may(
            "s3:PutObject",
            on=self.bucket.arn_for_objects("*"),
            wildcard="The objects of its own bucket, one for each incident.",
        )
        bus.deliver(IncidentResolved, to=draft_postmortem)
