"""Every scene of a status page, published to loopback, in a real browser."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.support.chromium import chromium
from tests.support.pages import charts, scenes
from tests.support.site_server import serve
from tocsin.publishers.pages import render


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def sites() -> Iterator[dict[str, str]]:
    """The address of each scene."""
    with ExitStack() as servers:
        yield {
            name: servers.enter_context(serve((*render(view, "https://status.acme.example"), *charts())))
            for name, view in scenes().items()
        }
