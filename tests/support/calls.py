"""What a file's code may call, followed by name through all of ours, without running it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.support.imports import TOCSIN


class Definition(NamedTuple):
    """A function, class or value at the top level of a file; `name` is None for all that the file holds."""

    file: Path
    name: str | None


def called_from(path: Path) -> set[Definition]:
    """Whatever is used is taken to be called, a class with all its methods: more than what runs, never less."""
    reached: set[Definition] = set()
    called: set[Definition] = set()
    waiting = [Definition(path, None)]
    while waiting:
        definition = waiting.pop()
        if definition not in reached:
            reached.add(definition)
            called |= {found for found, is_call in _used_in(definition) if is_call}
            waiting += [found for found, _ in _used_in(definition)]
    return called


def _used_in(definition: Definition) -> Iterator[tuple[Definition, bool]]:
    tree, origins = _parsed(definition.file)
    code = [tree] if definition.name is None else _defining(tree, definition.name)
    for node in (found for part in code for found in ast.walk(part)):
        if isinstance(node, ast.Name) and node.id in origins:
            yield origins[node.id], False
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in origins:
            yield origins[node.func.id], True


@cache
def _parsed(file: Path) -> tuple[ast.Module, dict[str, Definition]]:
    """The file, and where each of its names is defined."""
    tree = ast.parse(file.read_text())
    own = {name: Definition(file, name) for part in tree.body for name in _names(part)}
    return tree, own | dict(_imported(tree))


def _imported(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            file = TOCSIN.joinpath(*str(node.module).split(".")).with_suffix(".py")
            if file.exists():
                yield from ((name.asname or name.name, Definition(file, name.name)) for name in node.names)


def _defining(tree: ast.Module, name: str) -> list[ast.stmt]:
    return [part for part in tree.body if name in _names(part)]


def _names(part: ast.stmt) -> set[str]:
    match part:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
        case _:
            return set()
