"""The review after an incident: what Tocsin knows is written down, what only people know is asked for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from tocsin.domain.duration import in_words
from tocsin.domain.incidents import Incident, TimelineEntry
from tocsin.domain.markdown import plain
from tocsin.domain.record import Instant, Record

TOCSIN = "tocsin"


class Postmortem(Record):
    """`path` is where in the bucket the text lies. People edit it there; Tocsin writes it once."""

    incident_id: str
    path: str
    drafted_at: Instant


class Aftermath(NamedTuple):
    """What is known when an incident is over. `names` are of people, by id; an id without one stands for itself."""

    incident: Incident
    timeline: tuple[TimelineEntry, ...]
    paged: tuple[str, ...]
    names: Mapping[str, str]


def path_of(incident_id: str) -> str:
    return f"postmortems/{incident_id}.md"


def drafted(postmortem: Postmortem) -> TimelineEntry:
    return TimelineEntry(
        incident_id=postmortem.incident_id,
        at=postmortem.drafted_at,
        kind="postmortem_drafted",
        text="A postmortem was drafted",
    )


def draft(aftermath: Aftermath) -> str:
    """Markdown. Everything that came from outside is escaped."""
    sections = (_heading, _summary, _impact, _timeline, _response, _review, _follow_ups)
    return "\n\n".join(part for section in sections for part in section(aftermath)) + "\n"


def _heading(aftermath: Aftermath) -> Iterator[str]:
    incident = aftermath.incident
    yield f"# Postmortem: {plain(incident.title)}"
    yield (
        "> **Draft.** Tocsin wrote down what it saw; the lines in italics are for the people who were there.\n"
        "> This review is blameless: it asks how the system let it happen, not who did it. Everybody acted on what\n"
        "> they knew then."
    )
    yield _table(("", ""), _facts(aftermath))


def _facts(aftermath: Aftermath) -> Iterator[tuple[str, ...]]:
    incident = aftermath.incident
    yield "Incident", plain(incident.incident_id)
    yield "Service", plain(aftermath.incident.service_name)
    yield "Severity", incident.severity.value
    yield "Began", _utc(incident.started_at)
    yield "Detected", _with_span(incident.triggered_at, incident.time_to_detect, "after the first failed check")
    yield "Acknowledged", _acknowledged(aftermath)
    yield "Resolved", _with_span(incident.resolved_at, incident.time_to_resolve, "after the first failed check")


def _acknowledged(aftermath: Aftermath) -> str:
    incident = aftermath.incident
    if not incident.acknowledged_by:
        return "by nobody"
    who = _name(aftermath, incident.acknowledged_by)
    return _with_span(incident.acknowledged_at, incident.time_to_acknowledge, f"after it was detected, by {who}")


def _summary(aftermath: Aftermath) -> Iterator[str]:
    yield "## Summary"
    yield "_Three sentences for somebody who was not there: what broke, what it meant for customers, what ended it._"


def _impact(aftermath: Aftermath) -> Iterator[str]:
    lasted, service = aftermath.incident.time_to_resolve, plain(aftermath.incident.service_name)
    yield "## Impact"
    yield f"For {in_words(lasted) if lasted else 'an unknown time'}, {service} was affected."
    yield _prompts(
        "Who was affected, and how many of them? What could they not do?",
        "Was data lost, delayed or shown to the wrong people?",
        "What did it cost: orders, support requests, promises made to customers?",
    )


def _timeline(aftermath: Aftermath) -> Iterator[str]:
    yield "## Timeline"
    yield "Times are in UTC. _Add what Tocsin could not see: the change before it, the guesses, the turning point._"
    entries = sorted(aftermath.timeline, key=lambda entry: entry.at)
    rows = ((_utc(entry.at, zone=""), _name(aftermath, entry.actor), plain(entry.text)) for entry in entries)
    yield _table(("When", "Who", "What happened"), rows)


def _response(aftermath: Aftermath) -> Iterator[str]:
    acted = dict.fromkeys(entry.actor for entry in aftermath.timeline if entry.actor != TOCSIN)
    yield "## Who responded"
    yield _list(
        f"Paged: {_people(aftermath, aftermath.paged)}",
        f"Responded: {_people(aftermath, acted)}",
        "_Who else helped, and how did they come to know?_",
    )


def _review(aftermath: Aftermath) -> Iterator[str]:
    yield "## What went well"
    yield _prompts(
        "What made this shorter or smaller than it could have been? Keep doing it.",
        "Where were we merely lucky?",
    )
    yield "## What contributed"
    yield _prompts(
        "What changed shortly before: a release, a setting, traffic, a supplier? There is rarely a single cause.",
        "What made sense at the time to the people who did it, and why?",
        "Which check, test or limit could have caught it earlier, and why did it not?",
        "What slowed the response: finding the right person, access, a runbook that was missing or wrong?",
    )
    yield "## What we learned"
    yield _prompts(
        "What did we believe about the system that was not so?", "What would we want to know on the next first minute?"
    )


def _follow_ups(aftermath: Aftermath) -> Iterator[str]:
    yield "## Follow-ups"
    yield "_Few, each with one owner and a date. Prefer what makes the whole kind of failure impossible or harmless._"
    yield _table(("What", "So that", "Owner", "By"), [("", "", "", "")])


def _people(aftermath: Aftermath, people: Iterable[str]) -> str:
    return ", ".join(_name(aftermath, person_id) for person_id in dict.fromkeys(people)) or "nobody"


def _name(aftermath: Aftermath, person_id: str) -> str:
    return "Tocsin" if person_id == TOCSIN else plain(aftermath.names.get(person_id, person_id))


def _with_span(instant: datetime | None, span: timedelta | None, after: str) -> str:
    return "not yet" if instant is None or span is None else f"{_utc(instant)}, {in_words(span)} {after}"


def _utc(instant: datetime, zone: str = " UTC") -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}{zone}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    rule = tuple("---" for _ in head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _prompts(*questions: str) -> str:
    return _list(*(f"_{question}_" for question in questions))


def _list(*items: str) -> str:
    return "\n".join(f"- {item}" for item in items)
