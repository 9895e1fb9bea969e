"""From hours that were rolled up to pictures on the status page, through the real handlers."""

from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import a_monitor, an_incident
from tests.support.tables import DIRECTORY, INCIDENTS, MONITORING, REGION
from tocsin.clock import utc_now
from tocsin.domain.directory import Regions
from tocsin.domain.incident import Change
from tocsin.domain.people import Organization
from tocsin.domain.placement import ShardList
from tocsin.domain.record import Record
from tocsin.domain.result_summary import Summary
from tocsin.domain.status_page import Component, StatusPage, chart_path, incident_chart_path
from tocsin.settings import PublishChartsSettings, PublishStatusPageSettings
from tocsin.stores import keys
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.result_series import ResultSeries
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

BUCKET = "site"
CHART = chart_path("public", "web")
PAGE = StatusPage(page_id="public", name="Acme Status", components=(Component(name="Website", service_id="web"),))


@pytest.fixture
def site() -> None:
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})


@pytest.fixture
def publish_charts(site: None, load_function: LoadFunction) -> Any:
    settings = PublishChartsSettings(
        directory_table=DIRECTORY, incidents_table=INCIDENTS, monitoring_table=MONITORING, bucket=BUCKET
    )
    return load_function("publish_charts", settings)


@pytest.fixture
def publish_status_page(site: None, load_function: LoadFunction) -> Any:
    settings = PublishStatusPageSettings(
        directory_table=DIRECTORY,
        incidents_table=INCIDENTS,
        monitoring_table=MONITORING,
        bucket=BUCKET,
        page_url="https://status.acme.example",
    )
    return load_function("publish_status_page", settings)


@pytest.fixture
def measured(tables: None) -> datetime:
    """The hour in which the shop took 120 milliseconds."""
    store("organization", "organization", Organization(name="Acme", time_zone="Europe/Prague"))
    store("regions", "regions", Regions(home=REGION, probes=(REGION,)))
    store("monitor", "shop", a_monitor())
    store("status_page", "public", PAGE)
    hour = utc_now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=5)
    shards = ShardList(region=REGION, fingerprints={"0001": "of no interest"})
    Table(DIRECTORY).save([Write.put(keys.shard_list(REGION), shards)])
    ResultSeries(MONITORING).save_hour(REGION, "0001", hour, {"shop": Summary(up=60, p50=120, p95=180)})
    return hour


def store(kind: str, entity_id: str, record: Record) -> None:
    Table(DIRECTORY).save([Write.put(keys.entity(kind, entity_id), record)])


def file(path: str) -> str:
    return boto3.client("s3").get_object(Bucket=BUCKET, Key=path)["Body"].read().decode()


def paths() -> set[str]:
    return {item["Key"] for item in boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])}


@pytest.mark.usefixtures("measured")
def test_a_service_is_drawn_and_its_page_shows_it(publish_charts: Any, publish_status_page: Any) -> None:
    publish_status_page.handler({}, None)
    assert CHART not in file("index.html")

    publish_charts.handler({}, None)
    publish_status_page.handler({}, None)

    assert "Answers typically took 120 ms" in file(CHART)
    assert f'<img src="{CHART}"' in file("index.html")


@pytest.mark.usefixtures("measured")
def test_an_incident_is_drawn_while_it_goes_on(publish_charts: Any, publish_status_page: Any) -> None:
    now = utc_now()
    incident = an_incident(started_at=now - timedelta(minutes=5), triggered_at=now - timedelta(minutes=4))
    IncidentStore(INCIDENTS).save(Change(incident=incident))
    path = incident_chart_path(incident.incident_id)

    publish_charts.handler({}, None)
    publish_status_page.handler({}, None)

    assert path in paths()
    assert f'<img src="../../{path}"' in file(f"incidents/{incident.incident_id}/index.html")


def test_before_the_first_apply_there_is_nothing_to_draw(publish_charts: Any) -> None:
    publish_charts.handler({}, None)

    assert paths() == set()
