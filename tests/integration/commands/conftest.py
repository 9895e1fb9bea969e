"""A file to give to commands, and a deployment to apply it to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.cloudformation import CloudFormation, cloudformation
from tests.support.command_line import OUTPUTS, WriteFile
from tests.support.files import SMALL


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteFile:
    """Puts a text into tocsin.yaml, where the commands run."""
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> str:
        Path("tocsin.yaml").write_text(text)
        return "tocsin.yaml"

    written(SMALL)
    return written


@pytest.fixture
def stacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFormation]:
    with cloudformation() as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", fake.url)
        yield fake


@pytest.fixture
def deployed(tables: None, stacks: CloudFormation) -> CloudFormation:
    stacks.stacks["Tocsin"] = OUTPUTS
    return stacks
