"""The `tocsin` command. Each command's module is imported only when it is used."""

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "validate": "tocsin.cli.validate:validate",
    "plan": "tocsin.cli.plan:plan",
    "apply": "tocsin.cli.apply:apply",
    "oncall": "tocsin.cli.oncall:oncall",
    "probe": "tocsin.cli.probing:probe",
    "cost": "tocsin.cli.cost.command:cost",
    "monitors": "tocsin.cli.monitors.commands:monitors",
    "schema": "tocsin.cli.schema:schema",
    "local": "tocsin.cli.local.commands:local",
}


class LazyGroup(click.Group):
    """The commands of `COMMANDS`, in its order."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, command = COMMANDS[name].split(":")
        found: Any = getattr(import_module(module), command)
        return found if isinstance(found, click.Command) else None


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tocsin", message="%(prog)s %(version)s")
def main() -> None:
    """The alarm bell a team runs in its own AWS account: watches, pages, tells, remembers."""


if __name__ == "__main__":
    main(prog_name="tocsin")
