"""What readers see of incidents: which, in what words, on which day."""

from datetime import date

import pytest

from tests.support.builders import NOON, after, an_incident
from tests.support.maintenance import a_window, once
from tests.support.pages import END, HOSTILE_PAGE, ONGOING, OVER, PAGE, UPDATES, an_update, facts
from tocsin.domain.incidents import Incident, IncidentStatus
from tocsin.domain.page_view import PageView
from tocsin.domain.people import Severity
from tocsin.domain.publication import view_page
from tocsin.domain.status_page import Component, ComponentState, Impact, PublicStatus, StatusPage, by_folder

NOW = after(minutes=30)


def view(*incidents: Incident, **known: object) -> PageView:
    return view_page(PAGE, facts(*incidents, **known), NOW)  # type: ignore[arg-type]


def test_an_outage_shows_its_component_and_its_updates_newest_first() -> None:
    page = view(ONGOING, down=["web-1"], updates=UPDATES)

    assert page.state is ComponentState.PARTIAL_OUTAGE
    assert [shown.state.value for shown in page.components] == ["partial_outage", *["operational"] * 5]
    [incident] = page.active
    assert (incident.name, incident.impact, incident.status) == (
        "Website disruption",
        Impact.MAJOR,
        PublicStatus.MONITORING,
    )
    assert incident.updates == tuple(reversed(UPDATES))
    assert (incident.monitoring_at, incident.resolved_at, incident.lasted) == (after(minutes=17), None, None)


def test_after_its_end_it_is_in_the_past_only() -> None:
    page = view(OVER, updates=(*UPDATES, END))

    assert page.active == ()
    assert [incident.status for incident in page.days[0].incidents] == [PublicStatus.RESOLVED]
    assert page.days[0].incidents[0].lasted == after(minutes=28) - NOON


def test_nothing_internal_is_shown() -> None:
    page = view(an_incident(title="db-7.internal: connection refused", acknowledged_by="alice"))

    assert "db-7.internal" not in page.model_dump_json()
    assert "alice" not in page.model_dump_json()


@pytest.mark.parametrize(
    ("incident", "shown"),
    [
        pytest.param(an_incident(), True, id="triggered"),
        pytest.param(an_incident(status=IncidentStatus.ACKNOWLEDGED), True, id="acknowledged"),
        pytest.param(an_incident(status=IncidentStatus.TRIAGE), False, id="in triage"),
        pytest.param(an_incident(service_id="payroll"), False, id="of a service that is not on the page"),
    ],
)
def test_which_incidents_are_public(incident: Incident, shown: bool) -> None:
    page = view(incident)

    assert bool(page.incidents) is shown
    assert bool(page.active) is shown
    assert (page.state is not ComponentState.OPERATIONAL) is shown


@pytest.mark.parametrize(
    ("severity", "impact"),
    [
        pytest.param(Severity.SEV1, Impact.CRITICAL, id="sev1"),
        pytest.param(Severity.SEV2, Impact.MAJOR, id="sev2"),
        pytest.param(Severity.SEV3, Impact.MINOR, id="sev3"),
        pytest.param(Severity.SEV4, Impact.NONE, id="sev4"),
    ],
)
def test_severity_says_the_impact(severity: Severity, impact: Impact) -> None:
    assert view(an_incident(severity=severity)).incidents[0].impact is impact


def test_an_incident_without_an_update_is_being_investigated() -> None:
    assert view(an_incident()).active[0].status is PublicStatus.INVESTIGATING


def test_a_premature_all_clear_does_not_close_an_open_incident() -> None:
    page = view(ONGOING, updates=(*UPDATES, END))

    assert page.active[0].status is PublicStatus.MONITORING


def test_fourteen_days_newest_first_in_the_organizations_calendar() -> None:
    just_after_midnight_in_prague = an_incident(started_at=after(hours=-12.5), triggered_at=after(hours=-12.4))

    days = view(just_after_midnight_in_prague).days

    assert [day.date for day in days] == [
        date(2026, 3, 2),
        date(2026, 3, 1),
        *(date(2026, 2, n) for n in range(28, 16, -1)),
    ]
    assert [len(day.incidents) for day in days] == [1, *[0] * 13]


def test_a_day_that_is_not_wholly_known_is_not_called_quiet() -> None:
    days = view(known_since=after(days=-2)).days

    assert [day.date for day in days] == [date(2026, 3, 2), date(2026, 3, 1)]


def test_the_page_is_as_new_as_its_newest_fact() -> None:
    assert view(ONGOING, updates=UPDATES).updated_at == after(minutes=17)
    assert view().updated_at == NOON
    assert view_page(PAGE, facts()._replace(statuses={}), NOW).updated_at == NOW


def test_maintenance_is_shown_on_its_component_while_it_is_on() -> None:
    window = a_window(once("2026-03-02T12:10", "2026-03-02T12:40"), "UTC")
    known = facts(down=["web-1"])._replace(maintenance=(window,))

    shown = [view_page(PAGE, known, after(minutes=minutes)).components[0] for minutes in (5, 30, 40)]

    assert [each.state.value for each in shown] == ["partial_outage", "under_maintenance", "partial_outage"]
    assert shown[1].changed_at == after(minutes=10)


def test_sections_in_the_order_of_the_file() -> None:
    scattered = StatusPage(
        page_id="public",
        name="Acme",
        components=tuple(
            Component(name=name, service_id=name, group=group)
            for name, group in (("a", "One"), ("b", None), ("c", "Two"), ("d", "One"))
        ),
    )

    sections = view_page(scattered, facts(page=scattered), NOW).sections

    assert [(section.name, [shown.component.name for shown in section.components]) for section in sections] == [
        ("One", ["a", "d"]),
        (None, ["b"]),
        ("Two", ["c"]),
    ]


def test_updates_belong_to_their_incident() -> None:
    other = an_incident(incident_id="other", service_id="api", triggered_at=after(minutes=1))

    page = view(ONGOING, other, updates=[an_update(PublicStatus.IDENTIFIED, "found", 2, "other")])

    assert [(incident.incident_id, incident.status.value) for incident in page.active] == [
        ("other", "identified"),
        (ONGOING.incident_id, "investigating"),
    ]


def test_the_public_page_is_the_front_and_others_have_folders() -> None:
    internal, public = HOSTILE_PAGE.model_copy(update={"page_id": "internal"}), PAGE

    assert by_folder([internal, public]) == {"": public, "internal/": internal}
    assert by_folder([internal]) == {"": internal}
