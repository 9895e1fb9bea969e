"""Jinja templates that lie beside the code they belong to."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


@cache
def templates(package: str) -> "Environment":
    """The folder `templates` of a package. HTML and SVG are escaped, plain text is not; a missing value is an error."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape

    folder = files(package) / "templates"
    return Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=select_autoescape(enabled_extensions=("html.j2", "svg.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
