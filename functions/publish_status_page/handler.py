"""Something that readers may see has changed: every status page is built anew from the tables, once per batch."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from tocsin.clock import utc_now
from tocsin.domain.publication import view_page
from tocsin.domain.status_page import StatusPage, by_folder
from tocsin.publishers.bucket import Bucket, File
from tocsin.publishers.pages import render
from tocsin.publishers.site import Build, Site
from tocsin.settings import PublishStatusPageSettings
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.page_facts import PageFacts
from tocsin.stores.retry import retry_lost_races

logger = Logger()


@cache
def settings() -> PublishStatusPageSettings:
    return PublishStatusPageSettings.from_environment()


@cache
def directory() -> DirectoryStore:
    return DirectoryStore(settings().directory_table)


@cache
def page_facts() -> PageFacts:
    monitoring = MonitorStatusStore(settings().monitoring_table)
    return PageFacts(directory(), IncidentStore(settings().incidents_table), monitoring)


@cache
def site() -> Site:
    return Site(Bucket(settings().bucket))


@retry_lost_races
def publish(now: datetime) -> None:
    build = site().open()
    pages = directory().status_pages()
    written = site().publish(build, rebuilt(pages, build, now) if pages else [])
    logger.info("published", build=build.number + 1, written=written)


def rebuilt(pages: Iterable[StatusPage], build: Build, now: datetime) -> list[File]:
    """The pictures of response times are `publish_charts`': a page shows those that are there."""
    facts = page_facts().read(pages)
    return [
        file
        for folder, page in by_folder(pages).items()
        for file in render(view_page(page, facts, now, build.below(folder)), settings().page_url, folder)
    ]


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """What the events say does not matter, only that there were some. A failure returns all of them to the queue."""
    publish(utc_now())
    return {"batchItemFailures": []}
