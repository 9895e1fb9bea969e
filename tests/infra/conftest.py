"""The app is synthesized once for AWS and once for the embedded stack."""

from pathlib import Path

import pytest

from tests.support.template import Template, templates

Templates = dict[str, Template]


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cloud")


@pytest.fixture(scope="session")
def cloud(assembly: Path) -> Templates:
    return templates(assembly)


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return templates(tmp_path_factory.mktemp("embedded"), dependencies="local")


@pytest.fixture(scope="session")
def home(cloud: Templates) -> Template:
    return cloud["Tocsin"]


@pytest.fixture(scope="session")
def probe(cloud: Templates) -> Template:
    return cloud["Tocsin-Probe-us-east-1"]
