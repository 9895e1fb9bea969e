"""How the public gets the status page: headers, and the paths that readers use."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.support.template import ROOT, Template

PATHS = ROOT / "infra" / "capabilities" / "status_page_paths.js"


@pytest.mark.parametrize(
    ("asked", "file"),
    [
        pytest.param("/", "/index.html", id="the page itself"),
        pytest.param("/incidents/01J8", "/incidents/01J8/index.html", id="an incident"),
        pytest.param("/incidents/01J8/", "/incidents/01J8/index.html", id="an incident, with a slash"),
        pytest.param("/history", "/history/index.html", id="the history"),
        pytest.param("/api/v2/summary.json", "/api/v2/summary.json", id="JSON"),
        pytest.param("/assets/style.1a2b3c.css", "/assets/style.1a2b3c.css", id="an asset"),
        pytest.param("/badge.svg", "/badge.svg", id="a badge"),
    ],
)
def test_a_path_is_the_file_that_holds_its_page(asked: str, file: str) -> None:
    node = shutil.which("node")
    assert node
    program = f"{PATHS.read_text()}\nconsole.log(handler({{request: {{uri: {json.dumps(asked)}}}}}).uri)"

    found = subprocess.run([node, "--eval", program], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == file


def test_browsers_run_nothing_and_show_the_page_in_no_frame(home: Template) -> None:
    [policy] = home.of_type("AWS::CloudFront::ResponseHeadersPolicy").values()
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    assert headers["ContentSecurityPolicy"]["ContentSecurityPolicy"].split("; ") == [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    assert headers["FrameOptions"]["FrameOption"] == "DENY"
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 365 * 24 * 3600
    assert all(header["Override"] for header in headers.values())


def test_what_is_not_there_is_the_page_for_that_and_soon_asked_for_again(home: Template) -> None:
    assert distribution(home)["CustomErrorResponses"] == [
        {"ErrorCode": 403, "ResponseCode": 404, "ResponsePagePath": "/404.html", "ErrorCachingMinTTL": 10}
    ]


def test_pages_travel_compressed_over_https_by_any_http_version(home: Template) -> None:
    found = distribution(home)

    assert found["HttpVersion"] == "http2and3"
    assert found["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert found["DefaultCacheBehavior"]["Compress"] is True


def test_buckets_are_private_and_outlive_the_stack(home: Template) -> None:
    buckets = [resource for resource in home.body["Resources"].values() if resource["Type"] == "AWS::S3::Bucket"]

    assert len(buckets) == 2
    for bucket in buckets:
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket["DeletionPolicy"] == "Retain"


def distribution(home: Template) -> dict[str, Any]:
    [found] = home.of_type("AWS::CloudFront::Distribution").values()
    return dict(found["DistributionConfig"])
