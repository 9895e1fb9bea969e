"""A probe that starts late checks late: importing what a run needs makes no validators, and looks for no plugins."""

import subprocess
import sys

import pytest

HEAVY = {"pydantic.plugin._loader", "asyncio", "boto3", "jmespath", "pycurl"}


@pytest.mark.parametrize("module", ["tocsin.domain.check_plan", "tocsin.domain.shard_run", "tocsin.settings"])
def test_what_a_run_imports_is_light(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(sys.modules))"

    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert HEAVY & set(printed.split()) == set()
