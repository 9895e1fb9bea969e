"""Whoever starts late checks late: the prober's functions start without what is slow to import."""

import subprocess
import sys

import pytest

from tests.support.imports import ROOT

SLOW = {"aws_lambda_powertools", "boto3", "botocore", "jinja2", "pycurl"}


@pytest.mark.parametrize("function", ["run_checks", "schedule_checks"])
def test_the_prober_starts_without_what_is_slow(function: str) -> None:
    code = f"import sys, functions.{function}.handler; print(*{SLOW} & sys.modules.keys())"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []
