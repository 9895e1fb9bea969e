"""A job that calls, reports a failure, comes back, and falls silent."""

import pytest

from tests.support.embedded import Embedded
from tests.support.polling import eventually
from tests.support.stories import CALLED, JOB
from tocsin.cli.local import browse, deployment
from tocsin.clock import utc_now
from tocsin.domain.heartbeat_key import key_of
from tocsin.domain.incidents import IncidentStatus
from tocsin.domain.monitor_state import MonitorState

pytestmark = pytest.mark.e2e

SILENT = 60 + 60 + 2 * 60 + 60
"""Seconds until its period and its grace are over, the sweeper has come by, and it was told."""

COLD = 90
"""The first call finds a function that nobody has called yet, on a machine that is busy with starting."""


def test_a_job_that_fails_and_one_that_falls_silent_are_incidents_and_the_next_call_ends_them(
    embedded: Embedded,
) -> None:
    story, url = embedded.story(CALLED), address(embedded)

    assert call(url) == (200, "OK")
    eventually("the job is up", lambda: state(embedded) is MonitorState.UP, within=60)
    assert call(f"{url}/start") == (200, "OK")
    assert call(f"{url}/3", b"disk full") == (200, "OK")
    failed = story.incident()
    page = story.email("first")
    assert call(url) == (200, "OK")
    story.becomes(IncidentStatus.RESOLVED)

    assert failed.firing_alerts == (f"monitor:{JOB}",)
    assert 'it ended with exit code 3: "disk full"' in page.text

    story.began = utc_now()
    silent = story.incident(within=SILENT)
    page = story.email("first")
    assert browse.get(url).status == 200
    story.becomes(IncidentStatus.RESOLVED)

    assert silent.incident_id != failed.incident_id
    assert "was not called" in page.text
    assert browse.get(f"{address(embedded)}x").status == 404

    # Nobody calls it any more: it would fall silent in the middle of the next story.
    assert "is paused" in embedded.tocsin("monitors", "pause", JOB)
    assert f'"monitor": "{JOB}", "service": "{CALLED}", "state": "paused"' in embedded.tocsin("monitors", "--json")


def address(embedded: Embedded) -> str:
    observer = embedded.observer
    secrets = deployment.client(observer.emulator, "secretsmanager")
    secret = secrets.get_secret_value(SecretId=observer.outputs["HeartbeatKeySecret"])["SecretString"]
    return f"{observer.addresses.api}/heartbeat/{key_of(JOB, secret.encode())}"


def call(url: str, body: bytes = b"") -> tuple[int, str]:
    answer = browse.post(url, body, "text/plain", timeout=COLD)
    return answer.status, answer.text.strip()


def state(embedded: Embedded) -> MonitorState | None:
    status = embedded.observer.monitor(JOB)
    return status.state if status else None
