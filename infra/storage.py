"""The tables. What they hold and how they are keyed is in `tocsin/stores/keys.py`."""

from dataclasses import dataclass
from typing import Self

from aws_cdk import Arn, ArnComponents, ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from infra.function import Function


@dataclass(frozen=True)
class Records:
    """A table as its users know it; it may be in another region."""

    name: str
    arn: str

    @classmethod
    def at_home(cls, scope: Construct, *, home: str, table: str, region: str) -> Self:
        """The table of the home stack, by name: stacks in different regions cannot refer to each other's resources."""
        name = physical_name(home, table)
        arn = Arn.format(
            ArnComponents(
                service="dynamodb",
                resource="table",
                resource_name=name,
                region=region,
                arn_format=ArnFormat.SLASH_RESOURCE_NAME,
            ),
            Stack.of(scope),
        )
        return cls(name, arn)

    def let(self, function: Function, *operations: str) -> None:
        """`operations` are DynamoDB's, as `GetItem`."""
        function.may(*(f"dynamodb:{operation}" for operation in operations), on=self.arn)

    def let_query(self, function: Function, index: str) -> None:
        function.may("dynamodb:Query", on=f"{self.arn}/index/{index}")


class RecordTable(dynamodb.Table):
    def __init__(self, scope: Construct, name: str, *, physical: str | None = None) -> None:
        super().__init__(
            scope,
            name,
            table_name=physical,
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            stream=dynamodb.StreamViewType.NEW_IMAGE,
            time_to_live_attribute="expires_at",
            deletion_protection=True,
            # Not RETAIN_ON_UPDATE_OR_DELETE: a first deployment that fails would try to delete the table, be refused by
            # its protection, and end in ROLLBACK_FAILED with the table still there.
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.records = Records(self.table_name, self.table_arn)

    def index(self, name: str) -> None:
        """Sparse: an item is in it while it has `<name>_kind` and `<name>_at`."""
        self.add_global_secondary_index(
            index_name=name, partition_key=_text(f"{name}_kind"), sort_key=_text(f"{name}_at")
        )


class Storage(Construct):
    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        home = Stack.of(self).stack_name
        # Named, because the probe regions reach these two from other regions and know them only by name.
        self.directory = RecordTable(self, "Directory", physical=physical_name(home, "directory"))
        self.monitoring = RecordTable(self, "Monitoring", physical=physical_name(home, "monitoring"))
        self.monitoring.index("due")
        self.incidents = RecordTable(self, "Incidents")
        self.incidents.index("due")
        self.incidents.index("recent")


def physical_name(home: str, table: str) -> str:
    return f"{home}-{table}"


def _text(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)
