"""`tocsin validate`."""

import json

import pytest

from tests.support.command_line import WriteFile, data, lines, run
from tests.support.files import with_change


@pytest.mark.usefixtures("write")
def test_validate_a_good_file() -> None:
    result = run("validate", "tocsin.yaml")

    assert result.exit_code == 0
    assert lines(result.stdout) == [
        "tocsin.yaml is valid: people: 2, schedules: 1, escalation policies: 1, services: 1, monitors: 1, "
        "status pages: 1"
    ]
    assert data("validate", "tocsin.yaml") == {"file": "tocsin.yaml", "valid": True, "problems": []}


def test_validate_a_bad_file(write: WriteFile) -> None:
    write(with_change("timeout: 10s", "timout: 10s", with_change("alice@acme.example", "alice")))

    result, as_json = run("validate", "tocsin.yaml"), run("validate", "tocsin.yaml", "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert lines(result.stderr) == [
        "tocsin.yaml:6:31: people.alice.email: `alice` is not an e-mail address; write it as in `alice@acme.example`",
        "tocsin.yaml:25:5: monitors.home.timout: is not known here; did you mean `timeout`?",
        "2 problems in tocsin.yaml",
    ]
    assert as_json.exit_code == 2
    assert json.loads(as_json.stdout)["problems"][1] == {
        "line": 25,
        "column": 5,
        "path": "monitors.home.timout",
        "message": "is not known here; did you mean `timeout`?",
    }


def test_validate_a_file_that_is_not_there(write: WriteFile) -> None:
    result = run("validate", "nowhere.yaml")

    assert result.exit_code == 2
    assert lines(result.stderr)[0] == "nowhere.yaml:1:1: cannot be read (No such file or directory); check the name"
