"""What the functions import is there when Lambda runs them: in the layer, or in Lambda's own runtime."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.support.imports import HANDLERS, ROOT, TOCSIN, files_reached_from, imports_in

LAYER = (ROOT / "layers/dependencies/requirements.txt").read_text()
IN_LAYER = set(re.findall(r"^([\w.-]+)==", LAYER, re.MULTILINE))
OURS = {"statuspage_site", "tocsin"}
IN_RUNTIME = {"boto3", "botocore"}
DISTRIBUTIONS = packages_distributions()


def missing_from_lambda(path: Path) -> set[str]:
    reached = [name for file in files_reached_from(path) for name in imports_in(file.read_text())]
    packages = {name.package for name in reached if not name.for_types_only} - sys.stdlib_module_names - OURS
    return {package for package in packages if not _provided(package)}


def _provided(package: str) -> bool:
    names = {re.sub(r"[-_.]+", "-", name).lower() for name in DISTRIBUTIONS.get(package, ())}
    return bool(names & (IN_LAYER | IN_RUNTIME))


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: path.parent.name)
def test_a_function_imports_only_what_lambda_has(path: Path) -> None:
    assert missing_from_lambda(path) == set()


def test_a_package_that_only_a_checkout_has_is_found(tmp_path: Path) -> None:
    handler = tmp_path / "handler.py"
    handler.write_text("import boto3, pydantic\nimport yaml")

    assert missing_from_lambda(handler) == {"yaml"}


def test_importing_the_handlers_needs_no_environment() -> None:
    modules = [f"functions.{path.parent.name}.handler" for path in HANDLERS]

    subprocess.run(
        [sys.executable, "-c", "; ".join(["pass", *(f"import {module}" for module in modules)])],
        cwd=ROOT,
        env={"PYTHONPATH": str(TOCSIN)},
        check=True,
    )


def test_the_layer_is_the_same_for_every_python() -> None:
    """pip would judge a marker by the Python that builds the layer, not by the one that runs it."""
    assert [line for line in LAYER.splitlines() if ";" in line] == []
