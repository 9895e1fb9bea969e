"""What is secret does not show in a message: not as it is, not as it travels, and no piece of it in an excerpt."""

import base64
import html
import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

SHORTEST_SECRET = 4
"""Masking shorter ones would tell more than it hides."""

_MASK = "•••"
_CUT = "…"


def forms(secret: str) -> set[str]:
    """The spellings in which a server may send it back, or an excerpt show it. Of several lines, each line."""
    spelled = {
        secret,
        " ".join(secret.split()),
        quote(secret, safe=""),
        quote_plus(secret),
        base64.b64encode(secret.encode()).decode(),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        html.escape(secret),
    }
    return {each for each in spelled | set(secret.splitlines()) if len(each) >= SHORTEST_SECRET}


def masked(message: str, secrets: Iterable[str]) -> str:
    """Takes as long as the message is, however long a server makes what is secret."""
    for secret in sorted(secrets, key=len, reverse=True):
        message = message.replace(secret, _MASK)
        if _CUT in message:
            message = _CUT.join(_masked_at_the_cuts(message.split(_CUT), secret))
    return message


def _masked_at_the_cuts(pieces: list[str], secret: str) -> Iterator[str]:
    """An excerpt may begin or end within a secret."""
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        if number:
            piece = _masked_at_the_beginning(piece, secret)
        yield _masked_at_the_end(piece, secret) if number < last else piece


def _masked_at_the_beginning(piece: str, secret: str) -> str:
    for length in range(min(len(piece), len(secret)), SHORTEST_SECRET - 1, -1):
        if secret.endswith(piece[:length]):
            return _MASK + piece[length:]
    return piece


def _masked_at_the_end(piece: str, secret: str) -> str:
    for length in range(min(len(piece), len(secret)), SHORTEST_SECRET - 1, -1):
        if secret.startswith(piece[-length:]):
            return piece[:-length] + _MASK
    return piece
