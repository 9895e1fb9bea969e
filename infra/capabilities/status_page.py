"""The status page: complete pages in a private bucket, shown to the world by CloudFront."""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.acknowledged import keep
from infra.bus import Bus
from infra.function import Function
from infra.layers import ROOT, layer
from infra.queue import DeadLetters
from infra.schedule import Clock, Every
from infra.storage import Records
from tocsin.domain.events import (
    DirectoryApplied,
    IncidentResolved,
    IncidentTriggered,
    IncidentUpdated,
    MaintenanceBegan,
    MaintenanceEnded,
    MonitorBecameUnknown,
    MonitorDegraded,
    MonitorRecovered,
    MonitorStatusChanged,
    MonitorWentDown,
)
from tocsin.settings import PublishStatusPageSettings

VIEWER_REQUEST = Path(__file__).parent / "status_page_paths.js"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_KEPT = {
    "CFR1": "A status page is for readers in every country.",
    "CFR2": "There is nothing behind it to attack: files from a bucket. A firewall would cost more than all the rest.",
    "CFR3": "A log would hold the addresses of readers, which nobody needs.",
    "CFR4": "Without a domain of its own it has CloudFront's certificate, whose TLS versions cannot be chosen.",
}


SHOWN = (
    DirectoryApplied,
    MonitorWentDown,
    MonitorDegraded,
    MonitorRecovered,
    MonitorBecameUnknown,
    MonitorStatusChanged,
    MaintenanceBegan,
    MaintenanceEnded,
    IncidentTriggered,
    IncidentUpdated,
    IncidentResolved,
)
"""What changes something that readers see."""


class StatusPage(Construct):
    def __init__(
        self, scope: Construct, name: str, *, directory: Records, monitoring: Records, incidents: Records, bus: Bus
    ) -> None:
        super().__init__(scope, name)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        keep(self.bucket, "S1", "It holds what everybody may read, and only CloudFront reads it.")
        self.domain = self._distribution().distribution_domain_name
        self.url = f"https://{self.domain}"
        self._publish(directory, monitoring, incidents, bus)

    def _publish(self, directory: Records, monitoring: Records, incidents: Records, bus: Bus) -> None:
        missed = DeadLetters(self, "Missed", of="publish_status_page")
        publish_status_page = Function(
            self,
            "PublishStatusPage",
            settings=PublishStatusPageSettings(
                directory_table=directory.name,
                monitoring_table=monitoring.name,
                incidents_table=incidents.name,
                bucket=self.bucket.bucket_name,
                page_url=self.url,
            ),
            timeout=Duration.seconds(15),
            dead_letters=missed,
        )
        publish_status_page.add_layers(layer(self, "Site", ROOT / "statuspage_site"))
        bus.deliver(*SHOWN, to=publish_status_page)
        # Its days end at midnight, when no event may come.
        Clock(self, "Clock", every=Every.HOUR, function=publish_status_page, dead_letters=missed)
        self._let_read(publish_status_page, directory, monitoring, incidents)
        self._let_write(publish_status_page)

    def _let_read(
        self, publish_status_page: Function, directory: Records, monitoring: Records, incidents: Records
    ) -> None:
        directory.let(publish_status_page, "GetItem", "Query")
        monitoring.let(publish_status_page, "GetItem")
        incidents.let(publish_status_page, "GetItem", "Query")
        incidents.let_query(publish_status_page, "recent")

    def _let_write(self, publish_status_page: Function) -> None:
        publish_status_page.may(
            "s3:GetObject",
            "s3:PutObject",
            on=self.bucket.arn_for_objects("*"),
            wildcard="The objects of its own bucket, one for each page.",
        )
        publish_status_page.may("s3:ListBucket", on=self.bucket.bucket_arn)

    def _distribution(self) -> cloudfront.Distribution:
        distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Tocsin status page",
            default_root_object="index.html",
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                compress=True,
                cache_policy=self._cache_policy(),
                response_headers_policy=self._headers(),
                function_associations=[
                    cloudfront.FunctionAssociation(
                        event_type=cloudfront.FunctionEventType.VIEWER_REQUEST, function=self._paths()
                    )
                ],
            ),
            # S3 answers 403 for what is not there, as the bucket may not be listed.
            error_responses=[
                cloudfront.ErrorResponse(
                    http_status=403, response_http_status=404, response_page_path="/404.html", ttl=Duration.seconds(10)
                )
            ],
        )

        for rule, reason in _KEPT.items():
            keep(distribution, rule, reason)
        return distribution

    def _cache_policy(self) -> cloudfront.CachePolicy:
        """What was published says by Cache-Control how long it holds; this is for what does not."""
        return cloudfront.CachePolicy(
            self,
            "Cache",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(15),
            max_ttl=Duration.days(1),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )

    def _headers(self) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=CONTENT_SECURITY_POLICY, override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), include_subdomains=True, override=True
                ),
            ),
        )

    def _paths(self) -> cloudfront.Function:
        return cloudfront.Function(
            self,
            "Paths",
            comment="Pages are folders: /incidents/x is incidents/x/index.html",
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            code=cloudfront.FunctionCode.from_file(file_path=str(VIEWER_REQUEST)),
        )
