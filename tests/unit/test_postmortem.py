"""The draft says what Tocsin knows, asks for what it does not, and takes nobody's text for markup."""

from datetime import timedelta

import pytest
from markdown_it import MarkdownIt

from tests.support.builders import after, an_incident
from tocsin.domain.duration import in_words
from tocsin.domain.incidents import IncidentStatus, TimelineEntry
from tocsin.domain.postmortem import Aftermath, draft

HOSTILE = "| `x` *b* _i_ [a](javascript:x) ![i](y) <script>alert(1)</script> &amp; ~~s~~ ## $m$ \\\n# head\n- item"


def an_entry(minutes: float, text: str, actor: str = "tocsin") -> TimelineEntry:
    return TimelineEntry(
        incident_id="20260302-1200-abcdef", at=after(minutes=minutes), kind="x", text=text, actor=actor
    )


def an_aftermath(text: str = "shop is down", name: str = "Bob Ray", service: str = "Website") -> Aftermath:
    incident = an_incident(
        title=f"{service}: {text}",
        service_name=service,
        status=IncidentStatus.RESOLVED,
        started_at=after(seconds=-20),
        acknowledged_at=after(minutes=7),
        acknowledged_by="bob",
        resolved_at=after(minutes=26),
    )
    timeline = (
        an_entry(0, text),
        an_entry(7, "acknowledged", actor="bob"),
        an_entry(1, "Alice was paged by email"),
    )
    return Aftermath(incident, timeline, ("alice", "bob", "alice"), {"bob": name, "alice": "Alice Novak"})


def test_the_draft_of_an_ordinary_incident() -> None:
    text = draft(an_aftermath())

    assert text.startswith("# Postmortem: Website: shop is down\n")
    for line in (
        "| Incident | 20260302-1200-abcdef |",
        "| Service | Website |",
        "| Severity | sev2 |",
        "| Began | 2026-03-02 11:59:40 UTC |",
        "| Detected | 2026-03-02 12:00:00 UTC, 20 seconds after the first failed check |",
        "| Acknowledged | 2026-03-02 12:07:00 UTC, 7 minutes after it was detected, by Bob Ray |",
        "| Resolved | 2026-03-02 12:26:00 UTC, 26 minutes 20 seconds after the first failed check |",
        "For 26 minutes 20 seconds, Website was affected.",
        "- Paged: Alice Novak, Bob Ray",
        "- Responded: Bob Ray",
    ):
        assert line in text.splitlines()


def test_the_timeline_is_in_the_order_of_time() -> None:
    rows = [line for line in draft(an_aftermath()).splitlines() if line.startswith("| 2026-")]

    assert rows == [
        "| 2026-03-02 12:00:00 | Tocsin | shop is down |",
        "| 2026-03-02 12:01:00 | Tocsin | Alice was paged by email |",
        "| 2026-03-02 12:07:00 | Bob Ray | acknowledged |",
    ]


def test_nobody_answered() -> None:
    incident = an_incident(status=IncidentStatus.RESOLVED, resolved_at=after(minutes=1))

    text = draft(Aftermath(incident, (), (), {}))

    assert "| Acknowledged | by nobody |" in text
    assert "- Paged: nobody\n- Responded: nobody" in text


@pytest.mark.parametrize("preset", ["commonmark", "gfm-like", "js-default"])
def test_hostile_text_stays_text(preset: str) -> None:
    reader = MarkdownIt(preset, {"html": True, "linkify": False}).enable("table")
    harmless = reader.render(draft(an_aftermath("harmless", "harmless", "harmless")))

    shown = reader.render(draft(an_aftermath(HOSTILE, HOSTILE, HOSTILE)))

    assert [part.split(">")[0] for part in shown.split("<")] == [part.split(">")[0] for part in harmless.split("<")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "| `x` *b* _i_ [a](javascript:x) ![i](y)" in shown


@pytest.mark.parametrize(
    ("span", "words"),
    [
        pytest.param(timedelta(), "less than a second", id="nothing"),
        pytest.param(timedelta(milliseconds=999), "less than a second", id="not yet a second"),
        pytest.param(timedelta(seconds=1), "1 second", id="one"),
        pytest.param(timedelta(seconds=59.9), "59 seconds", id="rounded down"),
        pytest.param(timedelta(minutes=1, seconds=5), "1 minute 5 seconds", id="two units"),
        pytest.param(timedelta(hours=2, seconds=5), "2 hours", id="no zero in between"),
        pytest.param(timedelta(days=1, hours=3, minutes=5), "1 day 3 hours", id="the two largest"),
        pytest.param(timedelta(days=100), "100 days", id="long"),
    ],
)
def test_lengths_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words
