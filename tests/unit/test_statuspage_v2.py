"""Statuspage's public API v2: read as strictly as a client that trusts the reference would."""

import json
from typing import Any

import pytest

from tests.support.builders import after
from tests.support.pages import END, ONGOING, OVER, PAGE, UPDATES, facts, scenes
from tests.support.statuspage_v2 import ANSWERS, read
from tocsin.domain.page_view import PageView
from tocsin.domain.publication import view_page
from tocsin.domain.status_page import Component, StatusPage
from tocsin.publishers.pages import render

URL = "https://status.acme.example"


def answers(view: PageView, folder: str = "") -> dict[str, Any]:
    files = {file.path: file for file in render(view, URL, folder)}
    return {name: json.loads(files[f"{folder}api/v2/{name}.json"].body) for name in ANSWERS}


def outage(**known: Any) -> PageView:
    known = {"down": ["web-1"], "updates": UPDATES} | known
    return view_page(PAGE, facts(ONGOING, **known), after(minutes=30))


@pytest.mark.parametrize("scene", scenes())
def test_every_answer_is_valid_in_every_state(scene: str) -> None:
    files = [file for file in render(scenes()[scene], URL) if file.path.startswith("api/")]

    assert len(files) == len(ANSWERS)
    for file in files:
        assert file.content_type == "application/json; charset=utf-8"
        read(file.path, file.body)


@pytest.mark.parametrize(
    ("scene", "indicator", "description"),
    [
        pytest.param("operational", "none", "All Systems Operational", id="operational"),
        pytest.param("outage", "major", "Partial System Outage", id="one component"),
        pytest.param("everything_down", "critical", "Major Service Outage", id="all components"),
        pytest.param("unknown", "minor", "Status Partially Unknown", id="unknown is not none"),
    ],
)
def test_the_roll_up(scene: str, indicator: str, description: str) -> None:
    assert answers(scenes()[scene])["status"]["status"] == {"indicator": indicator, "description": description}


def test_an_unknown_component_is_not_green_and_says_why() -> None:
    components = answers(scenes()["unknown"])["components"]["components"]

    assert {(component["status"], component["description"]) for component in components} == {
        ("degraded_performance", "Unknown: no monitor has reported recently.")
    }


def test_groups_stand_before_their_components_and_count_anew() -> None:
    components = answers(outage())["components"]["components"]

    assert [(each["name"], each["group"], each["position"]) for each in components] == [
        ("Products", True, 1),
        ("Website", False, 1),
        ("Checkout", False, 2),
        ("Mobile app", False, 3),
        ("Developers", True, 2),
        ("Public API", False, 1),
        ("Webhooks", False, 2),
        ("Documentation", False, 3),
    ]
    assert components[0]["status"] == "partial_outage"
    assert components[1]["group_id"] == components[0]["id"]


def test_an_open_incident_with_its_times_in_the_pages_own_offset() -> None:
    [incident] = answers(outage())["incidents/unresolved"]["incidents"]

    assert {
        key: incident[key] for key in ("started_at", "created_at", "monitoring_at", "updated_at", "resolved_at")
    } == {
        "started_at": "2026-03-02T12:58:00.000+01:00",
        "created_at": "2026-03-02T13:00:00.000+01:00",
        "monitoring_at": "2026-03-02T13:17:00.000+01:00",
        "updated_at": "2026-03-02T13:17:00.000+01:00",
        "resolved_at": None,
    }
    assert incident["shortlink"] == f"{URL}/incidents/{ONGOING.incident_id}/"
    assert [component["name"] for component in incident["components"]] == ["Website"]


def test_utc_is_written_with_z() -> None:
    assert answers(outage(time_zone="Etc/UTC"))["summary"]["page"]["updated_at"] == "2026-03-02T12:17:00.000Z"
    assert answers(outage(time_zone="Europe/London"))["summary"]["page"]["updated_at"].endswith("+00:00")


def test_a_component_goes_down_with_the_first_update_and_up_with_the_last() -> None:
    over = view_page(PAGE, facts(OVER, updates=(*UPDATES, END)), after(minutes=30))

    [incident] = answers(over)["incidents"]["incidents"]

    changes = [update["affected_components"][0] for update in incident["incident_updates"]]
    assert [(change["name"], change["old_status"], change["new_status"]) for change in changes] == [
        ("Products - Website", "partial_outage", "operational"),
        ("Products - Website", "partial_outage", "partial_outage"),
        ("Products - Website", "partial_outage", "partial_outage"),
        ("Products - Website", "operational", "partial_outage"),
    ]


def test_what_is_over_is_in_incidents_and_not_in_the_summary() -> None:
    told = answers(scenes()["after"])

    assert told["summary"]["incidents"] == told["incidents/unresolved"]["incidents"] == []
    assert [incident["status"] for incident in told["incidents"]["incidents"]] == ["resolved", "resolved"]


def test_ids_outlive_a_new_name_and_a_new_place() -> None:
    before = StatusPage(page_id="public", name="A", components=(Component(name="Old", service_id="web", group="G"),))
    later = StatusPage(
        page_id="public",
        name="B",
        components=(Component(name="Docs", service_id="docs"), Component(name="New", service_id="web")),
    )

    ids = [
        {
            each["name"]: each["id"]
            for each in answers(view_page(page, facts(page=page), after()))["components"]["components"]
        }
        for page in (before, later)
    ]

    assert ids[0]["Old"] == ids[1]["New"] != ids[1]["Docs"]


def test_two_components_of_one_service_are_two() -> None:
    twice = StatusPage(
        page_id="public",
        name="A",
        components=(Component(name="Website", service_id="web"), Component(name="Shop", service_id="web")),
    )

    components = answers(view_page(twice, facts(page=twice), after()))["summary"]["components"]

    assert len({component["id"] for component in components}) == 2


def test_a_page_in_a_folder_knows_its_address() -> None:
    assert answers(outage(), "internal/")["summary"]["page"]["url"] == f"{URL}/internal"


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render(outage(), URL) == render(outage(), URL)
