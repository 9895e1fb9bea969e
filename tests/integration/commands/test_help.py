"""`tocsin --help`."""

from tests.support.command_line import run
from tocsin.cli.main import COMMANDS


def test_every_command_explains_itself() -> None:
    result = run("--help")

    assert result.exit_code == 0
    for name in COMMANDS:
        assert name in result.stdout
        assert run(name, "--help").exit_code == 0


def test_an_unknown_command() -> None:
    result = run("aply")

    assert result.exit_code == 2
    assert "No such command 'aply'" in result.stderr
