"""What the probes of one process share."""

from pathlib import Path
from typing import NamedTuple

from tocsin.probes.loop import Loop
from tocsin.probes.names.lookup import Lookups
from tocsin.probes.web.tokens import Tokens
from tocsin.probes.web.transfers import Transfers


class Tools(NamedTuple):
    """`authorities` is a PEM file with those to trust."""

    loop: Loop
    lookups: Lookups
    transfers: Transfers
    authorities: Path
    tokens: Tokens
