"""The files a function finds in Lambda, laid out in a folder of their own: the handler, the layers, Lambda's boto3.

Byte-code is there for what has it in Lambda: third-party packages and the runtime's. Ours is deployed without, so
its source is compiled at each start, there as here.
"""

import compileall
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from py_compile import PycInvalidationMode
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
FUNCTIONS = ROOT / "functions"
DEPENDENCIES = ROOT / "layers/dependencies/build/local/python"
OUR_LAYERS = (ROOT / "layers/tocsin/python", ROOT / "statuspage_site/python")
NOT_DEPLOYED = shutil.ignore_patterns("__pycache__", "cli")
RUNTIME = ("boto3", "botocore", "jmespath", "python-dateutil", "s3transfer", "six", "urllib3")
"""The distributions that Lambda's Python runtime brings."""


class Layout(NamedTuple):
    """Where each part lies. The functions are below `tasks`, each in its folder."""

    tasks: Path
    ours: Path
    runtime: Path

    def functions(self) -> tuple[str, ...]:
        return tuple(sorted(path.parent.name for path in self.tasks.glob("*/handler.py")))

    def import_path(self, function: str) -> list[str]:
        """What stands before the standard library; the runtime's own packages stand behind it."""
        return [str(self.tasks / function), str(DEPENDENCIES), str(self.ours)]


@contextmanager
def lambda_layout() -> Iterator[Layout]:
    with TemporaryDirectory(prefix="tocsin-bench-") as folder:
        layout = Layout(*(Path(folder) / part for part in ("tasks", "opt", "runtime")))
        shutil.copytree(FUNCTIONS, layout.tasks, ignore=NOT_DEPLOYED)
        for layer in OUR_LAYERS:
            shutil.copytree(layer, layout.ours, ignore=NOT_DEPLOYED, dirs_exist_ok=True)
        for name in RUNTIME:
            _copy_distribution(name, layout.runtime)
        compileall.compile_dir(layout.runtime, quiet=2, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
        yield layout


def _copy_distribution(name: str, to: Path) -> None:
    """Its code and its description: what an import looks at."""
    for file in distribution(name).files or ():
        if file.suffix == ".py" or file.name in {"METADATA", "entry_points.txt"}:
            target = to / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(str(file.locate()), target)
