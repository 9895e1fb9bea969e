"""axe-core finds nothing to say about any page, in light and in dark, at a desk and on a phone."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from tests.support.axe import violations
from tests.support.pages import ONGOING, scenes

pytestmark = pytest.mark.browser

INCIDENT = f"incidents/{ONGOING.incident_id}/"
PAGES = [
    *(pytest.param(scene, "", id=scene) for scene in scenes()),
    *(pytest.param(scene, INCIDENT, id=f"{scene}, incident") for scene in ("outage", "after", "hostile")),
    *(pytest.param(scene, "history/", id=f"{scene}, history") for scene in ("after", "unknown")),
    pytest.param("outage", "nothing/here", id="not found"),
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}


@pytest.mark.parametrize(
    ("scheme", "window"),
    [pytest.param("light", DESK, id="light, at a desk"), pytest.param("dark", PHONE, id="dark, on a phone")],
)
@pytest.mark.parametrize(("scene", "path"), PAGES)
def test_no_violation(
    browser: Browser, sites: dict[str, str], scene: str, path: str, scheme: Literal["light", "dark"], window: Any
) -> None:
    # axe is a script, which the pages' own policy would refuse.
    context = browser.new_context(color_scheme=scheme, viewport=window, bypass_csp=True)
    page = context.new_page()
    page.goto(sites[scene] + path)

    found = violations(page)

    context.close()
    assert found == []
