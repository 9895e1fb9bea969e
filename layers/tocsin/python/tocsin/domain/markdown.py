"""Text from elsewhere inside Markdown: it stays text, on one line, in a table too."""

import re

_LINE_ENDS = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")
_MARKUP = re.compile(r"([\\`*_\[\]#|~$])")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def plain(text: str) -> str:
    """To stand anywhere but at the start of a line: what only means something there is left alone, and readable."""
    one_line = _LINE_ENDS.sub(" ", text).strip()
    return "".join(_HTML.get(char, char) for char in _MARKUP.sub(r"\\\1", one_line))
