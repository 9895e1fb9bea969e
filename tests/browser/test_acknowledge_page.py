"""What a responder sees at 3 a.m., on a phone: the page behind the link in an e-mail, under its own policy."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.support.axe import violations
from tests.support.builders import a_person, after, an_incident
from tocsin.domain.acknowledge_link import LinkExpiredError
from tocsin.domain.incidents import IncidentStatus
from tocsin.intake.pages import html, refusal

pytestmark = pytest.mark.browser

BOB = a_person("bob", name="<b>Bob</b> & son")
TAKEN = {"status": IncidentStatus.ACKNOWLEDGED, "acknowledged_by": "alice", "acknowledged_at": after(minutes=2)}
ANSWERS: dict[str, dict[str, Any]] = {
    "to acknowledge": html("acknowledge.html.j2", incident=an_incident(), person=BOB, holder=None),
    "taken": html("acknowledge.html.j2", incident=an_incident(**TAKEN), person=BOB, holder="Alice"),
    "over": html(
        "acknowledge.html.j2",
        incident=an_incident(status=IncidentStatus.RESOLVED, resolved_at=after(minutes=9)),
        person=BOB,
        holder=None,
    ),
    "refused": refusal(LinkExpiredError("this link expired at 2026-03-03 12:00 UTC")),
}
ADDRESS = "http://api.acme.example/ack/token"


def as_the_api_answers(answer: dict[str, Any]) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=answer["statusCode"], headers=answer["headers"], body=answer["body"])


def opened(browser: Browser, answer: dict[str, Any], **options: Any) -> Page:
    """Nothing leaves this machine: the browser is given what the function would have answered."""
    page = browser.new_context(viewport={"width": 320, "height": 640}, **options).new_page()
    page.route("**/*", as_the_api_answers(answer))
    page.goto(ADDRESS)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", list(ANSWERS))
def test_no_violation(browser: Browser, name: str, scheme: Literal["light", "dark"]) -> None:
    page = opened(browser, ANSWERS[name], color_scheme=scheme, bypass_csp=True)

    found = violations(page)

    page.context.close()
    assert found == []


def test_its_style_is_allowed_by_its_policy_and_names_stay_text(browser: Browser) -> None:
    page = opened(browser, ANSWERS["to acknowledge"])

    corner = page.locator("button").evaluate("button => getComputedStyle(button).borderRadius")
    text = page.locator("button").inner_text()

    page.context.close()
    assert corner == "10px"
    assert text == "Acknowledge as <b>Bob</b> & son"


def test_the_button_posts_to_the_same_address(browser: Browser) -> None:
    page = opened(browser, ANSWERS["to acknowledge"])

    with page.expect_request(lambda request: request.method == "POST") as pressed:
        page.get_by_role("button").click()

    page.context.close()
    assert pressed.value.url == ADDRESS
