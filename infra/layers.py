"""The two layers of every function: third-party packages and our own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self, cast

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

ROOT = Path(__file__).parent.parent
LAYERS = ROOT / "layers"
BYTECODE = "**/__pycache__"
"""What the Python of a checkout wrote for itself."""


class Layers(Construct):
    """`dependencies` names the build: `lambda` for Lambda's arm64 Python, `local` for the machine at hand."""

    def __init__(self, scope: Construct, *, dependencies: str) -> None:
        super().__init__(scope, "Layers")
        self.all = [
            # Its byte-code was written for the runtime; without it, each cold start compiles everything again.
            layer(self, "Dependencies", LAYERS / "dependencies" / "build" / dependencies, exclude=[]),
            layer(self, "Tocsin", LAYERS / "tocsin", exclude=["python/tocsin/cli", BYTECODE]),
        ]

    @classmethod
    def of(cls, scope: Construct) -> Self:
        return cast(Self, Stack.of(scope).node.find_child("Layers"))


def layer(scope: Construct, name: str, folder: Path, exclude: Sequence[str] = (BYTECODE,)) -> lambda_.LayerVersion:
    """What is in `folder` lands in /opt; what is in its `python` can be imported."""
    code = lambda_.Code.from_asset(str(folder), exclude=list(exclude))
    return lambda_.LayerVersion(
        scope,
        name,
        code=code,
        compatible_runtimes=[lambda_.Runtime.PYTHON_3_14],
        compatible_architectures=[lambda_.Architecture.ARM_64],
    )
