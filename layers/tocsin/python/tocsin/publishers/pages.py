"""A page view as files: complete HTML that needs no JavaScript, and Statuspage's JSON beside it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from tocsin.domain.duration import in_words
from tocsin.domain.page_view import IncidentView, PageView
from tocsin.domain.record import Record
from tocsin.domain.status_page import ComponentState
from tocsin.domain.statuspage_records import Components, Incidents, ScheduledMaintenances, Status, Summary
from tocsin.domain.statuspage_v2 import StatuspageV2
from tocsin.publishers.bucket import File
from tocsin.templates import templates

SITE = "statuspage_site"
FRESH = "public, max-age=15, stale-while-revalidate=60, stale-if-error=86400"
FOR_EVER = "public, max-age=31536000, immutable"


def render(view: PageView, url: str, folder: str = "") -> tuple[File, ...]:
    """Every file of a page, in the order in which they can be written: each before what links to it.

    `url` is the address of the site, `folder` where in it the page lies: empty, or ending with a slash.
    """
    assets = dict(_assets())
    pages = _Pages(view, {name: file.path for name, file in assets.items()}, folder)
    data = _data(StatuspageV2(view, f"{url.rstrip('/')}/{folder}".rstrip("/")), view)
    ordered = (*assets.values(), *pages.incidents(), *data, *pages.overviews())
    return tuple(file._replace(path=folder + file.path) for file in ordered)


class LocalTime:
    """Instants as readers say them, in the organization's zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def moment(self, instant: datetime) -> str:
        local = instant.astimezone(self._zone)
        return f"{self.day(local.date())}, {local:%H:%M %Z}"

    def day(self, day: date) -> str:
        return f"{self.short_day(day)} {day.year}"

    def short_day(self, day: date) -> str:
        return f"{day.day} {day:%B}"

    def length(self, span: timedelta) -> str:
        return in_words(span)

    def by_month(self, incidents: Iterable[IncidentView]) -> dict[str, list[IncidentView]]:
        """By the month in which they began, in the order given."""
        months: dict[str, list[IncidentView]] = {}
        for incident in incidents:
            months.setdefault(f"{incident.started_at.astimezone(self._zone):%B %Y}", []).append(incident)
        return months


class _Pages:
    """`assets` are paths from the page's root, by name."""

    def __init__(self, view: PageView, assets: dict[str, str], folder: str) -> None:
        self._view = view
        self._folder = folder
        self._common: dict[str, Any] = {"page": view, "assets": assets, "local": LocalTime(ZoneInfo(view.time_zone))}

    def incidents(self) -> Iterator[File]:
        for incident in self._view.incidents:
            yield self._html(f"incidents/{incident.incident_id}/index.html", "incident.html", "../../", incident)

    def overviews(self) -> Iterator[File]:
        """The front page comes last, as readers look at it. 404 may be shown at any depth: its links are absolute."""
        yield self._html("404.html", "404.html", f"/{self._folder}")
        yield self._html("history/index.html", "history.html", "../")
        yield self._html("index.html", "index.html", "")

    def _html(self, path: str, template: str, root: str, incident: IncidentView | None = None) -> File:
        text = templates(SITE).get_template(f"{template}.j2").render(self._common, root=root, incident=incident)
        return File(path, text.encode(), "text/html; charset=utf-8", FRESH)


def _assets() -> Iterator[tuple[str, File]]:
    """The style sheet, and an icon for each state: a page keeps its own, so old reports are not written again."""
    style = files(SITE).joinpath("assets/style.css").read_bytes()
    yield "style", File(f"assets/style.{_digest(style)}.css", style, "text/css; charset=utf-8", FOR_EVER)
    for state in ComponentState:
        icon = templates(SITE).get_template("favicon.svg.j2").render(state=state).encode()
        yield state, File(f"assets/icon.{_digest(icon)}.svg", icon, "image/svg+xml", FOR_EVER)


def _data(statuspage: StatuspageV2, view: PageView) -> Iterator[File]:
    page, components, status = statuspage.page, statuspage.components, statuspage.status
    unresolved = statuspage.incidents(view.active)
    no_maintenance = ScheduledMaintenances(page=page)
    for path, body in {
        "components": Components(page=page, components=components),
        "incidents": Incidents(page=page, incidents=statuspage.incidents(view.incidents)),
        "incidents/unresolved": Incidents(page=page, incidents=unresolved),
        "scheduled-maintenances": no_maintenance,
        "scheduled-maintenances/upcoming": no_maintenance,
        "scheduled-maintenances/active": no_maintenance,
        "status": Status(page=page, status=status),
        "summary": Summary(page=page, components=components, incidents=unresolved, status=status),
    }.items():
        yield _json(f"api/v2/{path}.json", body)


def _json(path: str, body: Record) -> File:
    return File(path, body.model_dump_json().encode(), "application/json; charset=utf-8", FRESH)


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()[:10]
