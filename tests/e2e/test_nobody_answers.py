"""Steps, their repetition and the fallback, when nobody ever answers."""

import pytest

from tests.support.embedded import Embedded
from tests.support.stories import WAIT

pytestmark = pytest.mark.e2e


def test_everyone_is_paged_in_turn_and_the_escalation_says_so(embedded: Embedded) -> None:
    outage = embedded.story("unanswered")

    outage.begins()
    outage.incident()
    execution = outage.execution(within=5 * WAIT.total_seconds() + 90)
    emails = outage.emails()
    outage.ends()

    roles = [email.to[0].split(".")[0] for email in emails]
    assert roles == ["first", "second", "first", "second", "boss"]
    assert execution.status == "SUCCEEDED"
    assert execution.states[-2:] == ("How did it end?", "Everyone was paged")
    assert execution.states.count("Page responders") == 5
    assert outage.timeline().count("unanswered") == 5
    assert "exhausted" in outage.timeline()
    assert outage.emails() == emails
