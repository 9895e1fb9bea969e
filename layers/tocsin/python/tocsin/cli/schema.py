"""`tocsin schema`."""

import click


@click.command()
def schema() -> None:
    """Print the JSON Schema of the file, for editors."""
    from tocsin.cli.file.schema import published

    click.echo(published(), nl=False)
