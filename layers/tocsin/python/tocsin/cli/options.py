"""Arguments and options that several commands share."""

import click

file_argument = click.argument("file", type=click.Path())
as_json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
stack_option = click.option(
    "--stack", default="Tocsin", show_default=True, help="The name of the CloudFormation stack in the home region."
)
