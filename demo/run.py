"""`make demo`: one outage on the embedded stack, from the failed check to the postmortem, told live.

It has a stack of its own under .tocsin/demo: applying its file must not replace what somebody keeps in `make up`.
"""

import signal
import sys
from urllib.parse import urlsplit

from rich.console import Console
from rich.markup import escape

from demo import results
from demo.observer import Observer, aws_of
from demo.outage import Outage
from demo.shop import Shop, watched_url
from demo.story import NotInTimeError, Story
from tocsin.cli.local import emulator, logs, stack
from tocsin.cli.local.commands import tell
from tocsin.cli.local.steps import Steps
from tocsin.cli.local.workspace import STATE, Workspace
from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HttpCheck
from tocsin.errors import TocsinError


def main() -> int:
    # Asked to end, it stops what it started, as it does for Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    console = Console()
    workspace = Workspace.find()
    workspace = Workspace(workspace.root, workspace.root / STATE / "demo")
    was_up = emulator.running(workspace) is not None
    try:
        return _demo(workspace, console)
    except TocsinError as error:
        tell(console, error)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        if not was_up:
            console.print("Stopping what was started, and its addresses with it; make up keeps a stack running …")
            stack.down(workspace)


def _demo(workspace: Workspace, console: Console) -> int:
    file = workspace.root / stack.EXAMPLE
    url = watched_url(file)
    with _opened(Shop(urlsplit(url).port or 80)) as shop:
        running = stack.up(workspace, stack.Options(file), Steps(console))
        console.print()
        with aws_of(running):
            return _play(workspace, console, Observer(running), shop, url)


def _opened(shop: Shop) -> Shop:
    try:
        shop.open()
    except OSError as taken:
        raise TocsinError(f"the shop cannot open at {shop.url}, where {stack.EXAMPLE} watches it: {taken}") from taken
    return shop


def _play(workspace: Workspace, console: Console, observer: Observer, shop: Shop, url: str) -> int:
    began = utc_now()
    monitor = next(each for each in observer.directory.monitors() if each.check == HttpCheck(url=url))
    try:
        outcome = Outage(observer, Story(console), shop, monitor).play()
    except (NotInTimeError, AssertionError) as failure:
        _explain(console, workspace, failure, logs.errors(observer.emulator, began))
        return 1
    results.show(console, observer, outcome, workspace.state)
    return 0


def _explain(console: Console, workspace: Workspace, failure: Exception, errors: tuple[str, ...]) -> None:
    console.print(f"\n[bold red]{escape(str(failure))}[/]", highlight=False, soft_wrap=True)
    if isinstance(failure, NotInTimeError):
        console.print(f"Look at: {failure.look}", highlight=False)
    for error in errors:
        console.print(f"  [dim]{escape(error)}[/]", highlight=False, soft_wrap=True)
    console.print(f"The emulator's log: {workspace.emulator_log}", highlight=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
