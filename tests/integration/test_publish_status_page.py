"""From what the tables hold to the files that readers get, through the real handler."""

import json
from datetime import timedelta
from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, a_monitor, an_incident
from tests.support.envelopes import delivered
from tests.support.tables import DIRECTORY, INCIDENTS, MONITORING, REGION
from tocsin.domain.events import IncidentUpdated
from tocsin.domain.incident import Change
from tocsin.domain.monitor import MonitorStatus
from tocsin.domain.monitor_state import MonitorState
from tocsin.domain.people import Organization
from tocsin.domain.record import Record
from tocsin.domain.status_page import Component, PublicStatus, StatusPage, StatusUpdate
from tocsin.errors import ConflictError
from tocsin.settings import PublishStatusPageSettings
from tocsin.stores import keys
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.monitors import MonitorStatusStore
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

BUCKET = "site"
SOMETHING = delivered(IncidentUpdated(occurred_at=NOON, incident_id="1"))


@pytest.fixture
def publish_status_page(load_function: LoadFunction) -> Any:
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    settings = PublishStatusPageSettings(
        directory_table=DIRECTORY,
        incidents_table=INCIDENTS,
        monitoring_table=MONITORING,
        bucket=BUCKET,
        page_url="https://status.acme.example",
    )
    return load_function("publish_status_page", settings)


@pytest.fixture
def directory(tables: None) -> None:
    page = StatusPage(page_id="public", name="Acme Status", components=(Component(name="Website", service_id="web"),))
    store("organization", "organization", Organization(name="Acme", time_zone="Europe/Prague"))
    store("status_page", "public", page)
    store("monitor", "shop", a_monitor())


def store(kind: str, entity_id: str, record: Record) -> None:
    Table(DIRECTORY).save([Write.put(keys.entity(kind, entity_id), record)])


def judged(state: MonitorState | None) -> None:
    status = MonitorStatus(monitor_id="shop", service_id="web", state=state, since=NOON, changed_at=NOON)
    MonitorStatusStore(MONITORING).save(status, ())


def files() -> dict[str, str]:
    objects = boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {item["Key"]: item["ETag"] for item in objects}


def front_page() -> str:
    return boto3.client("s3").get_object(Bucket=BUCKET, Key="index.html")["Body"].read().decode()


def summary() -> Any:
    return json.load(boto3.client("s3").get_object(Bucket=BUCKET, Key="api/v2/summary.json")["Body"])


def test_before_the_first_apply_there_is_nothing_to_publish(publish_status_page: Any) -> None:
    publish_status_page.handler(SOMETHING, None)

    assert set(files()) == {"build.json"}


@pytest.mark.usefixtures("directory")
def test_the_site_has_every_page_and_all_the_data(publish_status_page: Any) -> None:
    judged(MonitorState.DOWN)
    update = StatusUpdate(incident_id="1", status=PublicStatus.INVESTIGATING, body="We are looking.", posted_at=NOON)
    IncidentStore(INCIDENTS).save(Change(incident=an_incident(incident_id="1"), updates=(update,)))

    publish_status_page.handler(SOMETHING, None)

    fixed = {path for path in files() if not path.startswith("assets/")}
    assert fixed == {
        "404.html",
        "api/v2/components.json",
        "api/v2/incidents.json",
        "api/v2/incidents/unresolved.json",
        "api/v2/scheduled-maintenances.json",
        "api/v2/scheduled-maintenances/active.json",
        "api/v2/scheduled-maintenances/upcoming.json",
        "api/v2/status.json",
        "api/v2/summary.json",
        "build.json",
        "history/index.html",
        "incidents/1/index.html",
        "index.html",
    }
    assert summary()["status"] == {"indicator": "critical", "description": "Major Service Outage"}
    assert summary()["incidents"][0]["incident_updates"][0]["body"] == "We are looking."


@pytest.mark.usefixtures("directory")
def test_when_the_clock_strikes_days_that_are_over_leave_the_page(publish_status_page: Any) -> None:
    strike = {"scheduled_at": "2026-03-17T00:00:00Z"}

    shown = []
    for days in (13, 15):
        publish_status_page.utc_now = lambda days=days: NOON + timedelta(days=days)
        publish_status_page.handler(strike, None)
        shown.append('<time datetime="2026-03-02">' in front_page())

    assert shown == [True, False]


@pytest.mark.usefixtures("directory")
def test_the_same_event_again_changes_no_file(publish_status_page: Any) -> None:
    judged(MonitorState.UP)
    publish_status_page.handler(SOMETHING, None)
    before = files()

    publish_status_page.handler(SOMETHING, None)

    assert {path: etag for path, etag in files().items() if before[path] != etag}.keys() == {"build.json"}


@pytest.mark.usefixtures("directory")
def test_a_monitor_nobody_has_heard_of_is_not_called_operational(publish_status_page: Any) -> None:
    publish_status_page.handler(SOMETHING, None)

    assert summary()["components"][0]["status"] == "degraded_performance"
    assert summary()["status"]["indicator"] == "minor"


@pytest.mark.usefixtures("directory")
def test_an_open_incident_is_found_even_when_the_index_lags(
    publish_status_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    IncidentStore(INCIDENTS).save(Change(incident=an_incident(incident_id="1")))
    monkeypatch.setattr(IncidentStore, "recent", lambda self, limit: [])

    publish_status_page.handler(SOMETHING, None)

    assert [incident["status"] for incident in summary()["incidents"]] == ["investigating"]


@pytest.mark.usefixtures("directory")
def test_a_lost_race_builds_again_from_newer_facts(publish_status_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(MonitorState.UP)
    site = publish_status_page.site()
    really, races = site.publish, iter([ConflictError("overtaken")])

    def overtaken_once(*args: Any) -> Any:
        if race := next(races, None):
            IncidentStore(INCIDENTS).save(Change(incident=an_incident(incident_id="1")))
            raise race
        return really(*args)

    monkeypatch.setattr(site, "publish", overtaken_once)

    publish_status_page.handler(SOMETHING, None)

    assert summary()["status"]["indicator"] == "major"
