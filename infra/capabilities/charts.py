"""Pictures of response times on the status pages, drawn anew each hour."""

from aws_cdk import Duration
from constructs import Construct

from infra.capabilities.status_page import StatusPage
from infra.function import Function
from infra.layers import ROOT, layer
from infra.queue import DeadLetters
from infra.schedule import Clock, Every
from infra.storage import Records
from tocsin.settings import PublishChartsSettings


class Charts(Construct):
    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        directory: Records,
        monitoring: Records,
        incidents: Records,
        status_page: StatusPage,
    ) -> None:
        super().__init__(scope, name)
        missed = DeadLetters(self, "Missed", of="publish_charts")
        publish_charts = Function(
            self,
            "PublishCharts",
            settings=PublishChartsSettings(
                directory_table=directory.name,
                incidents_table=incidents.name,
                monitoring_table=monitoring.name,
                bucket=status_page.bucket.bucket_name,
            ),
            timeout=Duration.minutes(5),
            dead_letters=missed,
        )
        publish_charts.add_layers(layer(self, "Site", ROOT / "statuspage_site"))
        # By then the hour has been rolled up.
        Clock(self, "Clock", every=Every.HOUR, minutes_past=15, function=publish_charts, dead_letters=missed)
        directory.let(publish_charts, "GetItem", "Query")
        monitoring.let(publish_charts, "Query")
        incidents.let_query(publish_charts, "recent")
        for folder in ("charts", "incidents"):
            publish_charts.may(
                "s3:PutObject",
                on=status_page.bucket.arn_for_objects(f"*{folder}/*.svg"),
                wildcard="The pictures of every page, in the bucket of the status pages.",
            )
