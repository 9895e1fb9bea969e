"""From the failed check to the page, the acknowledgement, the recovery and the postmortem."""

from typing import Any

import pytest

from tests.support.embedded import Embedded
from tests.support.polling import eventually
from tests.support.stories import WAIT
from tocsin.cli.local import browse
from tocsin.domain.incidents import IncidentStatus

pytestmark = pytest.mark.e2e

ANSWERED_AT_THE_SECOND_STEP = (
    "Decide the next step",
    "Is there someone to page?",
    "Page responders",
    "Nobody answered in time",
    "Decide the next step",
    "Is there someone to page?",
    "Page responders",
    "How was it answered?",
    "Acknowledged",
)


def test_the_second_person_answers_and_the_shop_comes_back(embedded: Embedded) -> None:
    outage = embedded.story("answered")

    outage.begins()
    incident = outage.incident()
    page = f"incidents/{incident.incident_id}/"
    first, second = outage.email("first"), outage.email("second")
    eventually("the status page shows it", lambda: "Investigating" in outage.observer.status_page(page))
    during = eventually("the summary shows it", lambda: _component(embedded, outage.name, "major_outage"))

    assert [incident["status"] for incident in _open_incidents(during, outage.name)] == ["investigating"]
    assert first.acknowledge_link != second.acknowledge_link
    assert _open(second.acknowledge_link) == 200
    assert outage.incident().status is IncidentStatus.TRIGGERED, "opening the link must not acknowledge"

    assert _press(second.acknowledge_link) == 200
    acknowledged = outage.becomes(IncidentStatus.ACKNOWLEDGED)
    execution = outage.execution()

    assert acknowledged.acknowledged_by == "answered-second"
    assert execution.status == "SUCCEEDED"
    assert execution.states == ANSWERED_AT_THE_SECOND_STEP
    assert execution.stays[2].length >= WAIT, "the second person is paged only after the first one's wait"

    resolved = outage.ends()
    eventually("the status page shows its end", lambda: "Resolved" in outage.observer.status_page(page))
    after = eventually("the summary shows its end", lambda: _component(embedded, outage.name, "operational"))
    where, postmortem = eventually("a postmortem", lambda: outage.observer.postmortem(incident.incident_id))

    eventually("the timeline is complete", lambda: "postmortem_drafted" in outage.timeline())

    assert _open_incidents(after, outage.name) == []
    assert where.endswith(f"{incident.incident_id}.md")
    for told in ("First of answered was paged", "Second of answered acknowledged", "Resolved: every alert has cleared"):
        assert told in postmortem
    assert outage.timeline() == (
        "failed",
        "triggered",
        "paged",
        "unanswered",
        "paged",
        "acknowledged",
        "recovered",
        "resolved",
        "postmortem_drafted",
    )
    assert resolved.started_at <= resolved.triggered_at < acknowledged.acknowledged_at < resolved.resolved_at  # type: ignore[operator]
    assert outage.emails() == (first, second), "nobody else is paged, and nobody after the acknowledgement"


def _component(embedded: Embedded, name: str, status: str) -> dict[str, Any] | None:
    """The summary, once the story's component has this status."""
    summary = embedded.observer.status_summary()
    found = {component["name"]: component["status"] for component in summary.get("components", [])}
    return summary if found.get(f"Shop of {name}") == status else None


def _open_incidents(summary: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return [incident for incident in summary["incidents"] if f"Shop of {name}" in incident["name"]]


def _open(link: str | None) -> int:
    assert link
    return browse.get(link).status


def _press(link: str | None) -> int:
    assert link
    return browse.post(link).status
