"""What is secret does not show in a message: not as it is, not as it travels, and no piece of it in an excerpt."""

import base64
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

SHORTEST_SECRET = 4
"""Masking shorter ones would tell more than it hides."""

_MASK = "•••"
_CUT = "…"


def forms(secret: str) -> set[str]:
    """The spellings in which a server may send it back. Of a text of several lines, each line."""
    spelled = {secret, quote(secret, safe=""), quote_plus(secret), base64.b64encode(secret.encode()).decode()}
    return {each for each in spelled | set(secret.splitlines()) if len(each) >= SHORTEST_SECRET}


def masked(message: str, secrets: Iterable[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        message = message.replace(secret, _MASK)
        if _CUT in message:
            message = _masked_at_the_cuts(message, secret)
    return message


def _masked_at_the_cuts(message: str, secret: str) -> str:
    """An excerpt may begin or end within a secret."""
    for length in range(len(secret) - 1, SHORTEST_SECRET - 1, -1):
        message = message.replace(secret[:length] + _CUT, _MASK + _CUT)
        message = message.replace(_CUT + secret[-length:], _CUT + _MASK)
    return message
