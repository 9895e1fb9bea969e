"""What applying a file does not wake."""

from collections.abc import Iterable

import click

from tocsin.domain.pause import Pause


def tell_pauses(pauses: Iterable[Pause]) -> None:
    for pause in pauses:
        click.echo(f"monitor/{pause.monitor_id} is {pause.in_words}")
