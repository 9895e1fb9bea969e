"""`tocsin apply`: once, again, after a crash, and two at once."""

from typing import Any

import pytest

from tests.support.cloudformation import CloudFormation
from tests.support.command_line import OUTPUTS, WriteFile, data, lines, run
from tests.support.files import with_change
from tests.support.tables import DIRECTORY
from tocsin.stores import keys
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.table import Table, Write


@pytest.mark.usefixtures("write", "deployed")
def test_apply_and_apply_again() -> None:
    first, second = run("apply", "tocsin.yaml"), run("apply", "tocsin.yaml")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert lines(first.stdout)[-1] == "Applied to Tocsin: 9 changed."
    assert "person/alice" in lines(first.stdout)
    assert lines(second.stdout) == ["Nothing to change: Tocsin already does what tocsin.yaml says."]
    assert DirectoryStore(DIRECTORY).person("alice").name == "Alice"


@pytest.mark.usefixtures("deployed")
def test_apply_as_json(write: WriteFile) -> None:
    data("apply", "tocsin.yaml")
    write(with_change("name: Bob", "name: Robert"))

    assert data("apply", "tocsin.yaml") == {"changed": ["person/bob"]}
    assert data("apply", "tocsin.yaml") == {"changed": []}


@pytest.mark.usefixtures("write", "deployed")
def test_apply_after_a_crash_between_the_entities_and_the_shards() -> None:
    run("apply", "tocsin.yaml")
    Table(DIRECTORY).save([Write.delete(keys.shard_list("us-east-1"))])

    result = run("apply", "tocsin.yaml")

    assert lines(result.stdout) == ["Nothing new: finished what an earlier, interrupted apply had begun."]


@pytest.mark.usefixtures("deployed")
def test_apply_a_bad_file_changes_nothing(write: WriteFile) -> None:
    write(with_change("service: web\n", "service: wbe\n"))

    result = run("apply", "tocsin.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert lines(result.stderr)[-1] == "1 problem in tocsin.yaml"
    assert DirectoryStore(DIRECTORY).read_all() is None


@pytest.mark.usefixtures("write")
def test_apply_to_another_stack(deployed: CloudFormation) -> None:
    deployed.stacks = {"Second": OUTPUTS}

    assert "Applied to Second" in run("apply", "tocsin.yaml", "--stack", "Second").stdout


@pytest.mark.usefixtures("write", "deployed")
def test_two_applies_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    save = Table.save

    def saved(self: Table, writes: list[Write], *events: Any) -> None:
        monkeypatch.setattr(Table, "save", save)
        run("apply", "tocsin.yaml")
        save(self, writes, *events)

    monkeypatch.setattr(Table, "save", saved)
    result = run("apply", "tocsin.yaml")

    assert result.exit_code == 2
    assert lines(result.stderr) == [
        "tocsin: somebody else applies at the same time; look at `tocsin plan`, then apply again"
    ]
