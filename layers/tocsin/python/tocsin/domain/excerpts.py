"""What a message shows of something long."""

import re

EXCERPT = 160
"""Characters of what was found that a message shows."""

_TAG = r"(?is)<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,1000}>"


def excerpt(text: str, at: int = 0) -> str:
    """A short, quoted piece of a text around `at`, without mark-up and line breaks."""
    start = max(0, at - EXCERPT // 2)
    end = start + 20 * EXCERPT
    plain = " ".join(re.sub(_TAG, " ", text[start:end]).split()) + ("…" if end < len(text) else "")
    return f'"{"…" if start else ""}{shortened(plain)}"'


def shortened(text: str) -> str:
    return text if len(text) <= EXCERPT else text[:EXCERPT].rstrip() + "…"
