"""A step of the embedded stack that did not work."""

from pathlib import Path

from tocsin.errors import TocsinError

EXCERPT = 15


class StepError(TocsinError):
    """`lines` are the last ones that matter; `log` has the rest."""

    def __init__(self, message: str, log: Path, lines: tuple[str, ...] | None = None) -> None:
        super().__init__(message)
        self.log = log
        self.lines = tail(log) if lines is None else lines


def tail(log: Path, count: int = EXCERPT) -> tuple[str, ...]:
    try:
        return tuple(log.read_text(errors="replace").splitlines()[-count:])
    except OSError:
        return ()
