"""`tocsin local` as a person uses it, on a stack that is up."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from tests.support.embedded import Embedded
from tests.support.polling import eventually
from tocsin.cli.local import browse, emulator, stack
from tocsin.cli.local.steps import Steps
from tocsin.clock import utc_now

pytestmark = pytest.mark.e2e


def test_urls_says_where_its_parts_answer(embedded: Embedded) -> None:
    said = json.loads(_tocsin_local(embedded, "urls", "--json"))

    assert set(said) == {"api", "status_page", "internal_status_page", "console", "report_form", "emulator"}
    eventually("the page is published", lambda: browse.get(said["status_page"]).status == 200)
    assert browse.get(f"{said['api']}/ack/nonsense").status in (400, 403, 404, 410)
    assert said["emulator"] == embedded.observer.emulator.endpoint


def test_env_leads_every_aws_tool_to_the_emulator_and_away_from_the_users_configuration(embedded: Embedded) -> None:
    exports = _tocsin_local(embedded, "env").split()

    assert f"AWS_ENDPOINT_URL={embedded.observer.emulator.endpoint}" in exports
    assert "AWS_CONFIG_FILE=/dev/null" in exports
    assert "AWS_SHARED_CREDENTIALS_FILE=/dev/null" in exports


def test_a_second_up_keeps_the_emulator_and_changes_nothing(embedded: Embedded) -> None:
    again = stack.up(embedded.workspace, embedded.options, Steps(Console(stderr=True)))

    assert again == embedded.observer.emulator
    assert "Nothing to change" in embedded.workspace.log.read_text()


def test_an_up_without_a_file_keeps_what_was_applied_by_hand(embedded: Embedded, tmp_path: Path) -> None:
    assert embedded.options.file is not None
    by_hand = tmp_path / "by_hand.yaml"
    by_hand.write_text(embedded.options.file.read_text().replace("Acme", "Acme by hand"))
    steps, without = Steps(Console(stderr=True)), replace(embedded.options, file=None)

    stack.up(embedded.workspace, without, steps)
    repeated = embedded.observer.directory.organization().name
    stack.apply(embedded.workspace, embedded.observer.emulator, by_hand, steps)
    stack.up(embedded.workspace, without, steps)
    kept = embedded.observer.directory.organization().name
    stack.up(embedded.workspace, embedded.options, steps)

    assert (repeated, kept) == ("Acme", "Acme by hand")


def test_after_a_stop_it_goes_on_where_it_was(embedded: Embedded) -> None:
    outage = embedded.story("restarted")
    before = embedded.observer.incidents.recent(50)

    assert stack.down(embedded.workspace)
    assert emulator.running(embedded.workspace) is None
    stack.up(embedded.workspace, embedded.options, Steps(Console(stderr=True)))
    assert "Acme Status" in embedded.observer.status_page(), "published files are kept, too"
    outage.begins(checked_since=utc_now())
    incident = outage.incident()
    outage.email("first", within=90)

    assert incident not in before
    assert embedded.observer.incidents.recent(50)[1:] == before
    eventually("the status page shows it", lambda: incident.incident_id in embedded.observer.status_page())


def _tocsin_local(embedded: Embedded, *arguments: str) -> str:
    command = [sys.executable, "-m", "tocsin.cli.main", "local", "--state", str(embedded.workspace.state), *arguments]
    return subprocess.run(command, cwd=embedded.workspace.root, capture_output=True, text=True, check=True).stdout
