"""The pages as files: what they link to, what they are called, and that nothing is written for nothing."""

from html.parser import HTMLParser

from tests.support.pages import OLD, scenes
from tocsin.publishers.bucket import File
from tocsin.publishers.pages import render


def pages(scene: str, folder: str = "") -> dict[str, File]:
    return {file.path: file for file in render(scenes()[scene], "https://status.acme.example", folder)}


def test_what_a_page_links_to_is_written_before_it() -> None:
    order = list(pages("outage"))

    assert order[-1] == "index.html"
    assert max(place for place, path in enumerate(order) if path.startswith("assets/")) < order.index("404.html")
    assert max(place for place, path in enumerate(order) if path.startswith("incidents/")) < order.index("index.html")


def test_a_report_that_is_closed_is_not_written_again_when_something_else_breaks() -> None:
    path = f"incidents/{OLD.incident_id}/index.html"

    assert pages("operational")[path] == pages("outage")[path] == pages("after")[path]


def test_assets_are_kept_for_ever_and_pages_for_a_moment() -> None:
    lifetimes = {(file.path.split("/")[0] == "assets", file.cache_control) for file in pages("outage").values()}

    assert lifetimes == {
        (True, "public, max-age=31536000, immutable"),
        (False, "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"),
    }


class Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_no_page_has_a_script_or_a_style_of_its_own() -> None:
    markup = Markup()
    for file in pages("hostile").values():
        if file.path.endswith(".html"):
            markup.feed(file.body.decode())

    assert markup.tags & {"script", "style", "img", "iframe", "object", "embed", "form", "base"} == set()
    assert {name for name in markup.attributes if name.startswith("on") or name == "style"} == set()


def test_a_page_in_a_folder_is_whole_there() -> None:
    assert {path.removeprefix("internal/") for path in pages("outage", "internal/")} == set(pages("outage"))
    assert b'href="/internal/assets/' in pages("outage", "internal/")["internal/404.html"].body
