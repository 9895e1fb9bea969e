"""What the deployed pages must be told on this machine, where nobody has a certificate for them.

In the template CloudFront sends every reader to https, and the bucket refuses whoever comes without it, as they should.
The emulator speaks http only, even between its own CloudFront and S3; so here, after each deployment, both are told
to let that pass. Nothing else about them differs.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tocsin.cli.local.deployment import client
from tocsin.cli.local.emulator import Emulator

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

POLICY = "allow-all"


def let_readers_in(emulator: Emulator) -> None:
    cloudfront = client(emulator, "cloudfront")
    s3: S3Client = client(emulator, "s3")
    for distribution_id in _distributions(cloudfront):
        answer = cloudfront.get_distribution_config(Id=distribution_id)
        config = answer["DistributionConfig"]
        for bucket in _buckets(config):
            _accept_http(s3, bucket)
        if _serve_http(config):
            cloudfront.update_distribution(Id=distribution_id, IfMatch=answer["ETag"], DistributionConfig=config)


def _distributions(cloudfront: Any) -> Iterator[str]:
    for page in cloudfront.get_paginator("list_distributions").paginate():
        yield from (distribution["Id"] for distribution in page["DistributionList"].get("Items", []))


def _serve_http(config: dict[str, Any]) -> bool:
    """Whether there was anything to change."""
    behaviors = [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", [])]
    closed = [behavior for behavior in behaviors if behavior["ViewerProtocolPolicy"] != POLICY]
    for behavior in closed:
        behavior["ViewerProtocolPolicy"] = POLICY
    return bool(closed)


def _buckets(config: dict[str, Any]) -> Iterator[str]:
    for origin in config["Origins"]["Items"]:
        bucket, found, _ = origin["DomainName"].partition(".s3.")
        if found:
            yield bucket


def _accept_http(s3: "S3Client", bucket: str) -> None:
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    kept = [statement for statement in policy["Statement"] if not _asks_for_tls(statement)]
    if kept != policy["Statement"]:
        s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy | {"Statement": kept}))


def _asks_for_tls(statement: dict[str, Any]) -> bool:
    return statement["Effect"] == "Deny" and "aws:SecureTransport" in json.dumps(statement.get("Condition", {}))
