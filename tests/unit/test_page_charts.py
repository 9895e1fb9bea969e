"""Which pictures of response times a status page has."""

from datetime import timedelta

import pytest

from tests.support.builders import NOON, after, an_incident
from tocsin.domain.incidents import Incident, IncidentStatus
from tocsin.domain.page_charts import charts_of, merged
from tocsin.domain.response_chart import Point
from tocsin.domain.result_summary import HOUR, Summary
from tocsin.domain.series import Step
from tocsin.domain.span import Span
from tocsin.domain.status_page import Component, StatusPage

PUBLIC = StatusPage(
    page_id="public",
    name="Acme Status",
    components=(
        Component(name="Website", service_id="web"),
        Component(name="Shop", service_id="web"),
        Component(name="API", service_id="api"),
    ),
)
INTERNAL = PUBLIC.model_copy(update={"page_id": "internal"})
NOW = after(days=10, minutes=20)


def paths(*incidents: Incident, page: StatusPage = PUBLIC) -> list[str]:
    return [f"{chart.name}: {chart.folder}{chart.path}" for chart in charts_of([page], incidents, NOW)]


def test_each_service_has_one_under_a_name_that_tells_nothing() -> None:
    website, api = paths()

    assert website.startswith("Website: charts/")
    assert api.startswith("API: charts/")
    assert "web" not in website.partition(": ")[2]


def test_each_page_has_its_own() -> None:
    found = [chart.folder for chart in charts_of([PUBLIC, INTERNAL], [], NOW)]

    assert found == ["", "", "internal/", "internal/"]


def test_a_page_may_show_none() -> None:
    assert paths(page=PUBLIC.model_copy(update={"response_times": False})) == []


@pytest.mark.parametrize(
    ("fields", "is_drawn"),
    [
        pytest.param({}, True, id="it goes on"),
        pytest.param({"status": IncidentStatus.RESOLVED, "resolved_at": NOW - HOUR}, True, id="just over"),
        pytest.param({"status": IncidentStatus.RESOLVED, "resolved_at": NOW - 3 * HOUR}, False, id="over for long"),
        pytest.param({"status": IncidentStatus.TRIAGE}, False, id="not public"),
        pytest.param({"service_id": "mail"}, False, id="not on this page"),
    ],
)
def test_incidents_have_one_while_they_are_of_interest(fields: dict[str, object], is_drawn: bool) -> None:
    incident = an_incident(started_at=NOW - timedelta(hours=4), **fields)

    drawn = [path for path in paths(incident) if "incidents/" in path]

    assert drawn == ([f"Website: incidents/{incident.incident_id}/response-times.svg"] if is_drawn else [])


def test_what_is_typical_of_several_and_the_slowest_of_them() -> None:
    found = [Step(NOON, Summary(p50=p50, p95=p95)) for p50, p95 in ((10, 20), (30, 90), (50, 60))]
    silent = Step(after(hours=1), Summary(down=60))

    assert merged([*found, silent], Span(NOON, after(hours=2)), HOUR) == [
        Point(after(minutes=30), 30, 90),
        Point(after(minutes=90), None, None),
    ]
