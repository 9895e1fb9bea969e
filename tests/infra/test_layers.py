"""What of a layer's folder is deployed."""

from pathlib import Path

import pytest
from aws_cdk import App, Stack

from infra.layers import Layers


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """By layer, its files below `python`."""
    assets = tmp_path_factory.mktemp("layers")
    app = App(outdir=str(assets))
    Layers(Stack(app, "Stack"), dependencies="local")
    app.synth()
    folders = [asset / "python" for asset in assets.glob("asset.*")]
    return {"ours" if (folder / "tocsin").exists() else "dependencies": _files(folder) for folder in folders}


def test_dependencies_come_with_the_byte_code_that_was_written_for_the_runtime(deployed: dict[str, set[str]]) -> None:
    files = deployed["dependencies"]

    sources = [name for name in files if name.startswith("pydantic/") and name.endswith(".py")]
    compiled = [name for name in files if name.startswith("pydantic/") and name.endswith(".pyc")]
    assert len(sources) == len(compiled) > 0


def test_ours_comes_without_what_only_a_checkout_needs(deployed: dict[str, set[str]]) -> None:
    files = deployed["ours"]

    assert "tocsin/settings.py" in files
    assert [name for name in files if name.endswith(".pyc") or name.startswith("tocsin/cli/")] == []


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
