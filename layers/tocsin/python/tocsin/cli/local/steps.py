"""One line per step with the time it took; while a step runs, a terminal shows what it is at."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

WIDTH = 58


@dataclass
class Step:
    """`say` what is being done now; `outcome` replaces the title once it is done."""

    title: str
    outcome: str = ""
    _progress: Progress | None = field(default=None, repr=False)
    _task: TaskID | None = field(default=None, repr=False)

    def say(self, detail: str) -> None:
        if self._progress and self._task is not None:
            self._progress.update(self._task, description=escape(f"{self.title} · {detail}"[: WIDTH + 20]))


class Steps:
    def __init__(self, console: Console) -> None:
        self.console = console

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Prints the line when the block ends, a failed one too; the exception goes on."""
        began = time.monotonic()
        step = Step(title)
        try:
            with self._spinner(step):
                yield step
        except BaseException:
            self._line("red", "✗", title, began)
            raise
        self._line("green", "✓", step.outcome or title, began)

    def tell(self, text: str) -> None:
        """Something that was decided, and took no time."""
        self.console.print(f"· {escape(text)}", highlight=False, soft_wrap=True)

    @contextmanager
    def _spinner(self, step: Step) -> Iterator[None]:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as progress:
            step._progress, step._task = progress, progress.add_task(escape(step.title))
            yield

    def _line(self, colour: str, mark: str, text: str, began: float) -> None:
        took = f"{time.monotonic() - began:.1f} s"
        self.console.print(
            f"[{colour}]{mark}[/] {escape(text):<{WIDTH}} [dim]{took:>7}[/]", highlight=False, soft_wrap=True
        )
