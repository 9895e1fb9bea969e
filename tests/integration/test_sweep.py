"""One record that cannot be read or moved holds up no other."""

from typing import Any

import boto3
import pytest

from tests.integration.conftest import LoadFunction
from tests.support.builders import a_policy, after, an_incident
from tests.support.tables import DIRECTORY, INCIDENTS, MONITORING, REGION
from tocsin.domain.escalation import Escalation, begin
from tocsin.domain.incident import Change
from tocsin.settings import SweepSettings
from tocsin.stores import keys
from tocsin.stores.executions import Executions
from tocsin.stores.incidents import IncidentStore

pytestmark = pytest.mark.usefixtures("tables")

LATER = after(minutes=5)
SETTINGS = SweepSettings(
    directory_table=DIRECTORY, monitoring_table=MONITORING, incidents_table=INCIDENTS, state_machine_arn="machine"
)


@pytest.fixture
def restarted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The incidents whose escalations were started again; Step Functions fails for `broken`."""
    started: list[str] = []

    def restart(self: Executions, escalation: Escalation, now: Any) -> None:
        if escalation.incident_id == "broken":
            raise ConnectionError("no answer")
        started.append(escalation.incident_id)

    monkeypatch.setattr(Executions, "restart", restart)
    return started


@pytest.fixture
def sweep(load_function: LoadFunction, restarted: list[str]) -> Any:
    function: Any = load_function("sweep", SETTINGS)
    function.utc_now = lambda: LATER
    return function


def overdue(incident_id: str) -> None:
    incident = an_incident(incident_id=incident_id, service_id=incident_id)
    IncidentStore(INCIDENTS).save(Change(incident=incident, escalation=begin(incident, a_policy())))


def unreadable(kind: str) -> None:
    item = {"pk": "nonsense", "sk": kind, "due_kind": kind, "due_at": keys.instant(after(minutes=-1))}
    boto3.client("dynamodb", region_name=REGION).put_item(
        TableName=INCIDENTS, Item={name: {"S": value} for name, value in item.items()}
    )


def test_an_item_that_cannot_be_read_is_named_and_the_rest_moves_on(
    sweep: Any, restarted: list[str], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    unreadable("escalation")
    overdue("web")

    sweep.handler({}, None)

    assert restarted == ["web"]
    assert [vars(record)["pk"] for record in caplog.records if record.levelname == "ERROR"] == ["nonsense"]
    assert '"AllClean"' not in capsys.readouterr().out


def test_one_that_cannot_be_moved_holds_up_no_other(
    sweep: Any, restarted: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for incident_id in ("api", "broken", "web"):
        overdue(incident_id)

    sweep.handler({}, None)

    assert sorted(restarted) == ["api", "web"]
    assert '"AllClean"' not in capsys.readouterr().out


def test_a_notification_that_cannot_be_read_is_not_clean(sweep: Any, capsys: pytest.CaptureFixture[str]) -> None:
    unreadable("notification")

    sweep.handler({}, None)

    assert '"AllClean"' not in capsys.readouterr().out
