"""What others check CDK apps and templates for. Each exception has its reason beside it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from tests.infra.conftest import Templates
from tests.support.template import app

KEPT_OF_CFN_LINT = {
    "W3005": "CDK says that a function depends on its role, which the reference to it says already",
}


NETWORK = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}


@pytest.mark.parametrize("vpc", [pytest.param({}, id="anywhere"), pytest.param({"eu-west-1": NETWORK}, id="in a VPC")])
def test_cdk_nag_finds_nothing_but_what_is_kept_with_a_reason(tmp_path: Path, vpc: dict[str, Any]) -> None:
    """It prints what it finds and fails the synthesis."""
    found = app(tmp_path, vpc=vpc)
    Validations.of(found).add_plugins(AwsSolutionsChecks(found))

    found.synth()


def test_cfn_lint_finds_nothing_but_what_is_kept_with_a_reason(cloud: Templates, assembly: Path) -> None:
    files = [str(assembly / f"{name}.template.json") for name in cloud]
    ignored = [option for rule in KEPT_OF_CFN_LINT for option in ("--ignore-checks", rule)]
    linter = Path(sys.executable).parent / "cfn-lint"

    found = subprocess.run([linter, *ignored, "--", *files], capture_output=True, text=True)

    assert found.stdout + found.stderr == ""
