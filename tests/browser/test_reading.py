"""What a person gets from the pages: without JavaScript, on a small phone, with a keyboard, on paper."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.pages import HOSTILE, ONGOING, scenes

pytestmark = pytest.mark.browser

INCIDENT = f"incidents/{ONGOING.incident_id}/"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """No JavaScript, and the pages' own policy in force."""
    made = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def words(page: Page) -> str:
    return re.sub(r"\s+", " ", page.locator("body").inner_text())


def test_an_outage_is_told_in_words_and_in_order(page: Page, sites: dict[str, str]) -> None:
    page.goto(sites["outage"])

    told = words(page)
    expected = [
        "Website is partly down",
        "Last change 2 March 2026, 13:17 CET",
        "Website disruption",
        "Major impact since 2 March 2026, 12:58 CET",
        "Monitoring 2 March 2026, 13:17 CET The release has been rolled back",
        "Identified 2 March 2026, 13:09 CET",
        "Investigating 2 March 2026, 13:00 CET",
        "Website Partial outage",
        "Checkout Operational",
        "1 March No incidents",
        "Resolved Minor impact for 26 minutes 27 February 2026, 12:58 CET",
        "All times are in Europe/Prague.",
    ]
    places = [told.find(text) for text in expected]
    assert -1 not in places
    assert places == sorted(places)


def test_after_its_end_the_page_is_calm_and_the_report_stays(page: Page, sites: dict[str, str]) -> None:
    page.goto(sites["after"])
    assert page.title() == "All systems are operational · Acme Status"
    assert page.get_by_role("heading", name="Happening now").count() == 0

    page.get_by_role("link", name="Website disruption").click()

    assert page.url == sites["after"] + INCIDENT
    assert "Resolved after 28 minutes · Major impact" in words(page)
    assert "Website is working again." in words(page)


def test_unknown_is_not_green(page: Page, sites: dict[str, str]) -> None:
    page.goto(sites["unknown"])

    assert page.get_by_role("heading", level=1).inner_text() == "Our systems are not reporting"
    assert "Operational" not in words(page)


@pytest.mark.parametrize(("path", "pictures"), [("", 2), (INCIDENT, 1)])
def test_response_times_are_shown_as_pictures(page: Page, sites: dict[str, str], path: str, pictures: int) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))

    page.goto(sites["outage"] + path)
    images = page.locator("figure.chart img")
    for number in range(images.count()):
        images.nth(number).scroll_into_view_if_needed()
        images.nth(number).evaluate("image => image.decode()")

    assert images.count() == pictures
    assert complaints == []


@pytest.mark.parametrize("path", ["", INCIDENT, "history/", "nothing"])
@pytest.mark.parametrize("scene", ["outage", "hostile"])
def test_nothing_sticks_out_of_a_small_phone(page: Page, sites: dict[str, str], scene: str, path: str) -> None:
    page.goto(sites[scene] + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_first_tab_skips_to_the_content(page: Page, sites: dict[str, str]) -> None:
    page.goto(sites["outage"])

    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.inner_text() == "Skip to content"
    box = link.bounding_box()
    assert box is not None
    assert box["y"] >= 0

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.locator("main :focus").count() == 1


def test_hostile_text_stays_text(browser: Browser, sites: dict[str, str]) -> None:
    context = browser.new_context()
    page = context.new_page()
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    for path in ("", INCIDENT, "history/"):
        page.goto(sites["hostile"] + path)

        assert page.locator("script, img").count() == 0
        assert "<script>alert(1)</script>" in words(page)
        assert "{{ 7 * 7 }}" in words(page)
        assert HOSTILE.split()[0] in page.title()

    context.close()
    assert alarms == []


@pytest.mark.parametrize("scene", scenes())
def test_every_link_and_every_asset_of_every_page_is_there(browser: Browser, sites: dict[str, str], scene: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("response", lambda answer: None if answer.ok else trouble.append(f"{answer.status} {answer.url}"))
    to_visit, visited = [sites[scene]], set[str]()
    while to_visit:
        url = to_visit.pop()
        visited.add(url)
        if url.endswith((".css", ".svg", ".json")):
            assert page.request.get(url).ok
            continue
        page.goto(url)
        found = page.locator("a[href], link[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        absolute = {urljoin(url, href).split("#")[0] for href in found}
        to_visit += [link for link in absolute if link not in visited and link not in to_visit]

    context.close()
    assert trouble == []
    assert all(url.startswith(sites[scene]) for url in visited)


def test_a_page_without_its_last_slash_works_the_same(page: Page, sites: dict[str, str]) -> None:
    page.goto(sites["outage"] + INCIDENT.rstrip("/"))
    page.get_by_role("link", name="History").click()
    page.get_by_role("link", name="Website disruption").click()
    page.get_by_role("link", name="Status", exact=True).click()

    assert page.get_by_role("heading", level=1).inner_text() == "Website is partly down"


def test_on_paper_there_is_only_what_paper_can_use(page: Page, sites: dict[str, str]) -> None:
    page.emulate_media(media="print")
    page.goto(sites["outage"])

    assert not page.get_by_role("navigation").is_visible()
    assert page.get_by_text("The release has been rolled back").first.is_visible()
