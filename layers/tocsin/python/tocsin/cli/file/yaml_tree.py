"""YAML as plain data that remembers where each part of it stands.

Plain words mean what YAML 1.2 says: only `true`, `false`, `null` and decimal numbers are not text, so that `on`,
`09:00` and `2026-01-05` stay what they look like. Anchors and merge keys work; tags do not.
"""

import re
from collections import ChainMap
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from tocsin.cli.file.problems import BadFileError, Path, Place, Problem, written

MOST_NODES = 2_000_000
"""Aliases of aliases can make a small file endless."""

_PLAIN = re.compile(
    r"(?P<null>~|null|Null|NULL|)|(?P<true>true|True|TRUE)|(?P<false>false|False|FALSE)|(?P<merge><<)"
    r"|(?P<int>-?[0-9]{1,400})|(?P<float>-?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
)
_VALUES: dict[str, Any] = {
    "null": lambda _: None,
    "true": lambda _: True,
    "false": lambda _: False,
    "merge": str,
    "int": int,
    "float": float,
    "text": str,
}
_KINDS = {*_VALUES, "SequenceNode", "MappingNode"}

Pairs = dict[str, tuple[Node, Node]]
"""The nodes of key and value by the key's text."""

_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Parser):  # type: ignore[misc]
    def resolve(self, kind: type[Node], value: str | None, implicit: tuple[bool, bool] | bool) -> str:
        """The kind of a node without a tag, in our own words; a tag that somebody wrote is none of them."""
        if kind is not ScalarNode:
            return kind.__name__
        plain = value is not None and isinstance(implicit, tuple) and implicit[0]
        match = _PLAIN.fullmatch(str(value)) if plain else None
        return str(match.lastgroup) if match else "text"


class Tree:
    """One document. `data` is made of dict (with text keys), list, str, int, float, bool and None.

    `problems` are the tags in it and the keys that are there twice, of which the first counts.
    """

    def __init__(self, text: str, file: str) -> None:
        """Raises BadFileError for what cannot be read at all."""
        self._file = file
        self.problems: list[Problem] = []
        self._mappings: dict[int, Pairs] = {}
        self._nodes = 0
        self._root = self._compose(text)
        self.data = None if self._root is None else self._value(self._root, (), ())

    def place_of(self, path: Path) -> Place:
        """Where the value at `path` begins; for a part that is not there, what should hold it: a mapping by its key."""
        key, value = self._find(path)
        return _place(value or key)

    def place_of_key(self, path: Path) -> Place:
        """Where the key of the value at `path` stands."""
        return _place(self._find(path)[0])

    def _find(self, path: Path) -> tuple[Node | None, Node | None]:
        """The key and the value at `path`; where it ends too early, those before it, without a collection."""
        key, value = None, self._root
        for step in path:
            found = self._child(value, step)
            if found is None:
                return key, value if isinstance(value, ScalarNode) else None
            key, value = found
        return key, value

    def _child(self, node: Node | None, step: str | int) -> tuple[Node, Node] | None:
        if isinstance(node, MappingNode):
            return self._mappings[id(node)].get(str(step))
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step]
        return None

    def _compose(self, text: str) -> Node | None:
        try:
            node: Node | None = _Loader(text).get_single_node()
        except yaml.YAMLError as error:
            raise BadFileError(self._file, [_not_yaml(error)]) from None
        return node

    def _value(self, node: Node, path: Path, above: tuple[int, ...]) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or id(node) in above:
            self._refuse(node, path, "the aliases in here never end; write it out")
            raise BadFileError(self._file, self.problems)
        if node.tag not in _KINDS:
            self._refuse(node, path, f"the tag `{node.tag}` means nothing here; leave it out")
        if isinstance(node, ScalarNode):
            return _VALUES.get(node.tag, str)(node.value)
        return self._collection(node, path, (*above, id(node)))

    def _collection(self, node: Node, path: Path, above: tuple[int, ...]) -> Any:
        if isinstance(node, SequenceNode):
            return [self._value(item, (*path, number), above) for number, item in enumerate(node.value)]
        pairs = self._pairs(node, path)
        return {name: self._value(value, (*path, name), above) for name, (_, value) in pairs.items()}

    def _pairs(self, node: Node, path: Path) -> Pairs:
        """What merge keys bring, then the mapping's own pairs, which win."""
        if id(node) not in self._mappings:
            self._mappings[id(node)] = {}
            brought = [self._merged(value, path) for key, value in node.value if key.tag == "merge"]
            self._mappings[id(node)] = dict(ChainMap(self._own(node, path), *brought))
        return self._mappings[id(node)]

    def _own(self, node: Node, path: Path) -> Pairs:
        own: Pairs = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._refuse(key, path, "a key must be text; a list or mapping cannot be one")
            elif key.value in own:
                first = _place(own[key.value][0]).line
                self._refuse(key, (*path, key.value), f"is there twice, first in line {first}; keep one of them")
            elif key.tag != "merge":
                own[key.value] = (key, value)
        return own

    def _merged(self, node: Node, path: Path) -> Pairs:
        """Of several mappings in a list, the first wins."""
        if isinstance(node, SequenceNode):
            return dict(ChainMap(*(self._merged(item, path) for item in node.value)))
        if isinstance(node, MappingNode):
            return self._pairs(node, path)
        self._refuse(node, path, "`<<` takes a mapping, or a list of them; name an anchor, as in `<<: *defaults`")
        return {}

    def _refuse(self, node: Node, path: Path, message: str) -> None:
        self.problems.append(Problem(_place(node), written(path), message))


def _place(node: Node | None) -> Place:
    return Place(1, 1) if node is None else Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _not_yaml(error: yaml.YAMLError) -> Problem:
    """The parser stops at the first of these, so there is one."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    context, problem = getattr(error, "context", None), getattr(error, "problem", None) or str(error).splitlines()[0]
    reason = f"{context}: {problem}" if context else problem
    return Problem(place, "", f"this is not YAML: {reason}; {_advice(problem)}")


def _advice(problem: str) -> str:
    known = {
        "cannot start any token": "indent with spaces, never with tabs; put text that begins with `@` or ` in quotes",
        "expected alphabetic or numeric": "put text that begins with `*` or `&` in quotes",
        "undefined alias": "name an anchor that stands above",
        "another document": "keep one document in the file, without `---` between parts",
    }
    general = "check the indentation, and put text with `: ` or `#` in quotes"
    return next((advice for words, advice in known.items() if words in problem), general)
