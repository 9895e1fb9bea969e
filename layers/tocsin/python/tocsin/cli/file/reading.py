"""From the text of `tocsin.yaml` to the directory, or to everything that is wrong with it."""

import pathlib
from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tocsin.cli.file.crossing import faults
from tocsin.cli.file.explaining import KEY, explain
from tocsin.cli.file.problems import BadFileError, Path, Place, Problem, written
from tocsin.cli.file.schema import known_keys
from tocsin.cli.file.shape import File
from tocsin.cli.file.translation import directory_of
from tocsin.cli.file.yaml_tree import Tree
from tocsin.domain.directory import Directory


def read_file(file: str) -> Directory:
    """Raises BadFileError with every problem of the file, also when it cannot be opened."""
    try:
        text = pathlib.Path(file).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadFileError(file, [_at_the_top(f"cannot be read ({error.strerror}); check the name")]) from None
    except UnicodeDecodeError:
        raise BadFileError(file, [_at_the_top("is not UTF-8 text; save it as UTF-8")]) from None
    return read_text(text, file)


def read_text(text: str, file: str = "tocsin.yaml") -> Directory:
    """`file` is what the problems call it. Raises BadFileError."""
    tree = Tree(text, file)
    if tree.data is None:
        raise BadFileError(file, [_at_the_top("is empty; begin with `organization:`")])
    problems = [*tree.problems, *_crossing_problems(tree)]
    try:
        read = File.model_validate(tree.data)
    except ValidationError as error:
        problems += [_problem(details, tree) for details in error.errors(include_url=False)]
    if problems:
        raise BadFileError(file, problems)
    return directory_of(read)


def _at_the_top(message: str) -> Problem:
    return Problem(Place(1, 1), "", message)


def _crossing_problems(tree: Tree) -> Iterator[Problem]:
    for path, message in faults(tree.data):
        yield Problem(tree.place_of(path), written(path), message)


def _problem(error: ErrorDetails, tree: Tree) -> Problem:
    path: Path = error["loc"]
    message = explain(error, known_keys)
    if path[-1:] == (KEY,):
        return Problem(tree.place_of_key(path[:-1]), written(path[:-1]), message)
    place = tree.place_of_key(path) if error["type"] == "extra_forbidden" else tree.place_of(path)
    return Problem(place, written(path), message)
