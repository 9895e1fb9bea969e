"""What is wrong with a file, and where."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.errors import RefusedError

Path = tuple[str | int, ...]
"""From the top of the file down: keys, and positions in lists."""


@dataclass(frozen=True, order=True)
class Place:
    """Both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, order=True)
class Problem:
    """`message` is what is wrong; what to do."""

    place: Place
    path: str
    message: str


class BadFileError(RefusedError):
    """All that is wrong with one file, in its order."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """`file:line:column: path: what is wrong; what to do`."""
        return [self._line(problem) for problem in self.problems]

    def _line(self, problem: Problem) -> str:
        where = f"{self.file}:{problem.place.line}:{problem.place.column}"
        return ": ".join(part for part in (where, problem.path, problem.message) if part)


def written(path: Path) -> str:
    """As a person writes it: `monitors.home.expect.status[0]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
