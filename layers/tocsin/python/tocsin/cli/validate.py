"""`tocsin validate`."""

import json
from dataclasses import asdict

import click

from tocsin.cli.failing import REFUSED, failures_told
from tocsin.cli.file.problems import BadFileError
from tocsin.cli.file.reading import read_file
from tocsin.cli.options import as_json_option, file_argument
from tocsin.domain.directory import Directory
from tocsin.domain.directory_changes import KINDS


@click.command()
@file_argument
@as_json_option
@failures_told
def validate(file: str, as_json: bool) -> None:
    """Say everything that is wrong with FILE. Exit code 0 when nothing is, else 2."""
    if as_json:
        _validate_as_json(file)
    else:
        click.echo(f"{file} is valid: {_summary(read_file(file))}")


def _validate_as_json(file: str) -> None:
    problems: list[dict[str, object]] = []
    try:
        read_file(file)
    except BadFileError as error:
        problems = [
            asdict(problem.place) | {"path": problem.path, "message": problem.message} for problem in error.problems
        ]
    click.echo(json.dumps({"file": file, "valid": not problems, "problems": problems}))
    if problems:
        raise click.exceptions.Exit(REFUSED)


def _summary(directory: Directory) -> str:
    counts = {section: len(getattr(directory, section)) for section in KINDS.values()}
    return ", ".join(f"{section.replace('_', ' ')}: {count}" for section, count in counts.items() if count)
