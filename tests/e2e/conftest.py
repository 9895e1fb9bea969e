"""One deployment for the whole run, and what its functions complained about beside a failed story."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.embedded import Embedded, embedded_stack
from tests.support.stories import CALLED
from tocsin.cli.local import logs
from tocsin.cli.local.workspace import STATE
from tocsin.clock import utc_now

ROOT = Path(__file__).parent.parent.parent
STORIES = ("answered", "unanswered", "killed", "throttled", "restarted", CALLED)


@pytest.fixture(scope="session")
def embedded(request: pytest.FixtureRequest) -> Iterator[Embedded]:
    """Its folder stays when a story failed: the logs are in it."""
    state = ROOT / STATE / f"e2e-{utc_now():%Y%m%dT%H%M%S}-{os.getpid()}"
    with embedded_stack(ROOT, state, STORIES) as deployed:
        yield deployed
    if not request.session.testsfailed:
        shutil.rmtree(state)


@pytest.fixture(autouse=True)
def _complaints(request: pytest.FixtureRequest) -> Iterator[None]:
    """Pytest shows them for a failed story."""
    began = utc_now()
    yield
    if "embedded" in request.fixturenames:
        deployed: Embedded = request.getfixturevalue("embedded")
        lines = (str(deployed.workspace.emulator_log), *logs.errors(deployed.observer.emulator, began))
        request.node.add_report_section("teardown", "complaints of the functions", "\n".join(lines))
