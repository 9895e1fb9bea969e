"""Reads what source files import and which clocks they read, without running them."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOCSIN = ROOT / "layers/tocsin/python"
HANDLERS = sorted((ROOT / "functions").glob("*/handler.py"))

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"}
STOPWATCHES = {"time.monotonic", "time.monotonic_ns", "time.perf_counter", "time.perf_counter_ns"}


@dataclass(frozen=True)
class Import:
    module: str
    for_types_only: bool = False

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


def imports_in(source: str) -> list[Import]:
    """`from a import b` is `a.b`: b may be a module, and when it is a name the rules about `a` cover it."""
    return list(_imports(ast.parse(source), for_types_only=False))


def clocks_in(source: str) -> set[str]:
    """Calls of CLOCKS and STOPWATCHES, however they were imported, as `time.monotonic`."""
    tree = ast.parse(source)
    origins = _origins(tree)
    attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    read = {".".join(_resolve(node, origins).split(".")[-2:]) for node in attributes}
    return (read | {".".join(origin.split(".")[-2:]) for origin in origins.values()}) & (CLOCKS | STOPWATCHES)


def files_reached_from(path: Path) -> set[Path]:
    """The file itself and those of ours that importing it runs."""
    reached: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in reached:
            reached.add(file)
            waiting += [found for name in imports_in(file.read_text()) for found in _our_files(name)]
    return reached


def _imports(node: ast.AST, *, for_types_only: bool) -> Iterator[Import]:
    match node:
        case ast.Import(names=names):
            yield from (Import(name.name, for_types_only) for name in names)
        case ast.ImportFrom(module=module, names=names):
            yield from (Import(f"{module}.{name.name}", for_types_only) for name in names)
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body, orelse=orelse):
            yield from _imports_of(body, for_types_only=True)
            yield from _imports_of(orelse, for_types_only=for_types_only)
        case _:
            yield from _imports_of(ast.iter_child_nodes(node), for_types_only=for_types_only)


def _imports_of(nodes: Iterable[ast.AST], *, for_types_only: bool) -> Iterator[Import]:
    for node in nodes:
        yield from _imports(node, for_types_only=for_types_only)


def _origins(tree: ast.Module) -> dict[str, str]:
    """Local name → what it was imported as, so that `import time as t` hides nothing."""
    origins: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            origins |= {name.asname or name.name: name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            origins |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return origins


def _resolve(node: ast.expr, origins: dict[str, str]) -> str:
    match node:
        case ast.Name(id=name):
            return origins.get(name, name)
        case ast.Attribute(value=value, attr=attribute):
            return f"{_resolve(value, origins)}.{attribute}"
        case _:
            return "?"


def _our_files(name: Import) -> list[Path]:
    if name.package != "tocsin" or name.for_types_only:
        return []
    parts = name.module.split(".")
    bases = [TOCSIN.joinpath(*parts[:length]) for length in range(1, len(parts) + 1)]
    candidates = [candidate for base in bases for candidate in (base / "__init__.py", base.with_suffix(".py"))]
    return [candidate for candidate in candidates if candidate.exists()]
