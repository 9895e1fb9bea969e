"""The app, synthesized in this process, and its templates in the words of its constructs."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from aws_cdk import App

from infra.app import build

ROOT = Path(__file__).parents[2]
Resource = Mapping[str, Any]


@dataclass(frozen=True)
class Template:
    """`Storage/Directory` is the resource that the construct of this path in the stack stands for."""

    name: str
    body: Mapping[str, Any]

    @cached_property
    def paths(self) -> dict[str, str]:
        """Logical id → construct path."""
        return {logical_id: _path(resource) for logical_id, resource in self.body["Resources"].items()}

    @property
    def outputs(self) -> set[str]:
        return {name for name in self.body["Outputs"] if not name.startswith("ExportsOutput")}

    def of_type(self, kind: str) -> dict[str, Resource]:
        """Path → properties, of all resources of a type, as `AWS::SQS::Queue`."""
        return {
            self.paths[logical_id]: resource["Properties"]
            for logical_id, resource in self.body["Resources"].items()
            if resource["Type"] == kind
        }

    def functions(self) -> dict[str, Resource]:
        """Folder → properties."""
        return {
            properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]: properties
            for properties in self.of_type("AWS::Lambda::Function").values()
        }

    def written(self, value: Any) -> str:
        """An ARN or a name in readable form: what a resource gives is written as its path."""
        match value:
            case {"Fn::GetAtt": [str(logical_id), "Arn" | "StreamArn" as attribute]}:
                return self.paths[logical_id] + ("" if attribute == "Arn" else "/stream")
            case {"Fn::GetAtt": [str(logical_id), str(attribute)]}:
                return f"{self.paths[logical_id]}.{attribute}"
            case {"Ref": str(logical_id)}:
                return self.paths.get(logical_id, f"<{logical_id}>")
            case {"Fn::Join": ["", list(parts)]}:
                return "".join(map(self.written, parts))
            case _:
                return str(value)


def context() -> dict[str, Any]:
    """As the CDK command line would hand it over."""
    of_the_command_line = {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True}
    of_the_app: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]
    return of_the_command_line | of_the_app


def app(folder: Path, **configuration: Any) -> App:
    """`configuration` is the `tocsin:` context; what is not given is as in cdk.json."""
    chosen = {f"tocsin:{name}": value for name, value in configuration.items()}
    return build(App(context=context() | chosen, outdir=str(folder)))


def templates(folder: Path, **configuration: Any) -> dict[str, Template]:
    """Stack name → template."""
    app(folder, **configuration).synth()
    return dict(_read(folder))


def _read(folder: Path) -> Iterator[tuple[str, Template]]:
    for path in sorted(folder.glob("*.template.json")):
        name = path.name.removesuffix(".template.json")
        yield name, Template(name, json.loads(path.read_text()))


def _path(resource: Resource) -> str:
    """`aws:cdk:path` without the stack, and without the names that CDK gives to what a construct is made of."""
    parts = str(resource["Metadata"]["aws:cdk:path"]).split("/")[1:]
    return "/".join(part for part in parts if part not in {"Resource", "Default"})
