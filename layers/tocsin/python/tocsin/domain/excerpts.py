"""What a message shows of something long."""

import re

EXCERPT = 160
"""Characters of what was found that a message shows."""

LONGEST_MESSAGE = 1000
"""Characters. It is stored, sent through queues and paged, whatever a server has put into it."""

_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What commands a terminal, turns the order of characters round, or can be encoded nowhere."""

_TAG = r"(?is)<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,1000}>"


def excerpt(text: str, at: int = 0) -> str:
    """A short, quoted piece of a text around `at`, without mark-up and line breaks."""
    start = max(0, at - EXCERPT // 2)
    end = start + 20 * EXCERPT
    plain = " ".join(re.sub(_TAG, " ", text[start:end]).split()) + ("…" if end < len(text) else "")
    return f'"{"…" if start else ""}{shortened(plain)}"'


def showable(message: str) -> str:
    """A message that can be stored and shown anywhere: JSON may hold halves of characters, and bodies anything."""
    cut = message if len(message) <= LONGEST_MESSAGE else message[:LONGEST_MESSAGE] + "…"
    return _UNSHOWABLE.sub("\ufffd", cut)


def shortened(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"
