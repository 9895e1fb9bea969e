"""From an incident that is over to a draft in the bucket, its record and its line on the timeline."""

from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import NOON, a_person, after, an_incident
from tests.support.envelopes import delivered
from tests.support.tables import DIRECTORY, INCIDENTS, REGION
from tocsin.domain.events import IncidentResolved
from tocsin.domain.incident import Change
from tocsin.domain.incidents import IncidentStatus, TimelineEntry
from tocsin.domain.postmortem import path_of
from tocsin.settings import DraftPostmortemSettings
from tocsin.stores import keys
from tocsin.stores.incidents import IncidentStore
from tocsin.stores.postmortems import PostmortemStore
from tocsin.stores.table import Table, Write

pytestmark = pytest.mark.usefixtures("tables")

BUCKET = "postmortems"
INCIDENT = an_incident(
    status=IncidentStatus.RESOLVED, acknowledged_at=NOON, acknowledged_by="alice", resolved_at=after(minutes=5)
)
OVER = delivered(IncidentResolved(occurred_at=after(minutes=5), incident_id=INCIDENT.incident_id))


@pytest.fixture
def draft_postmortem(tables: None, load_function: LoadFunction) -> Any:
    boto3.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    taken = TimelineEntry(
        incident_id=INCIDENT.incident_id, at=NOON, kind="acknowledged", text="Alice acknowledged", actor="alice"
    )
    IncidentStore(INCIDENTS).save(Change(incident=INCIDENT, entries=(taken,)))
    return load_function(
        "draft_postmortem",
        DraftPostmortemSettings(directory_table=DIRECTORY, incidents_table=INCIDENTS, bucket=BUCKET),
    )


@pytest.fixture
def directory(tables: None) -> None:
    Table(DIRECTORY).save(
        [
            Write.put(keys.entity("person", "alice"), a_person(name="Alice Novak")),
        ]
    )


def text() -> str:
    return boto3.client("s3").get_object(Bucket=BUCKET, Key=path_of(INCIDENT.incident_id))["Body"].read().decode()


def timeline() -> list[str]:
    return [entry.kind for entry in IncidentStore(INCIDENTS).timeline(INCIDENT.incident_id)]


@pytest.mark.usefixtures("directory")
def test_a_resolved_incident_gets_a_draft_with_names(draft_postmortem: Any) -> None:
    answer = draft_postmortem.handler(OVER, None)

    postmortem = PostmortemStore(INCIDENTS).get(INCIDENT.incident_id)
    assert answer == {"batchItemFailures": []}
    assert postmortem is not None
    assert postmortem.path == f"postmortems/{INCIDENT.incident_id}.md"
    assert "| 2026-03-02 12:00:00 | Alice Novak | Alice acknowledged |" in text()
    assert timeline() == ["acknowledged", "postmortem_drafted"]


@pytest.mark.usefixtures("directory")
def test_a_duplicate_writes_nothing_over_what_people_edited(draft_postmortem: Any) -> None:
    draft_postmortem.handler(OVER, None)
    boto3.client("s3").put_object(Bucket=BUCKET, Key=path_of(INCIDENT.incident_id), Body=b"edited")

    draft_postmortem.handler(OVER, None)

    assert text() == "edited"
    assert timeline() == ["acknowledged", "postmortem_drafted"]


@pytest.mark.usefixtures("directory")
def test_a_run_that_died_before_its_record_is_finished_and_keeps_the_text(draft_postmortem: Any) -> None:
    boto3.client("s3").put_object(Bucket=BUCKET, Key=path_of(INCIDENT.incident_id), Body=b"edited since")

    answer = draft_postmortem.handler(OVER, None)

    assert answer == {"batchItemFailures": []}
    assert text() == "edited since"
    assert PostmortemStore(INCIDENTS).get(INCIDENT.incident_id) is not None


def test_who_has_left_the_file_is_called_by_id_and_a_service_as_it_was(draft_postmortem: Any) -> None:
    draft_postmortem.handler(OVER, None)

    assert "| Service | Website |" in text()
    assert "- Responded: alice" in text()
