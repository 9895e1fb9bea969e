"""`tocsin plan`: what would change, and who is on call before and after."""

import pytest

from tests.support.command_line import WriteFile, data, lines, run
from tests.support.files import with_change
from tests.support.tables import DIRECTORY
from tocsin.stores.directory import DirectoryStore


@pytest.mark.usefixtures("write", "deployed")
def test_plan_before_the_first_apply_changes_nothing() -> None:
    planned = data("plan", "tocsin.yaml")

    assert [(change["kind"], change["id"], change["action"]) for change in planned["changes"]][:3] == [
        ("organization", "organization", "added"),
        ("regions", "regions", "added"),
        ("person", "alice", "added"),
    ]
    assert [on_call["before"] for on_call in planned["on_call"]] == [None]
    assert DirectoryStore(DIRECTORY).read_all() is None


@pytest.mark.usefixtures("deployed")
def test_plan_shows_fields_and_who_is_on_call_before_and_after(write: WriteFile) -> None:
    write(with_change("[alice, bob]", "[alice]"))
    run("apply", "tocsin.yaml")
    text = with_change("[alice, bob]", "[bob]", with_change("wait: 5m", "wait: 10m"))
    write(with_change("monitors:\n", "monitors:\n  shop: {service: web, http: https://acme.example/shop}\n", text))

    result, planned = run("plan", "tocsin.yaml"), data("plan", "tocsin.yaml")

    assert lines(result.stdout) == [
        "what field now then",
        "~ schedule/primary",
        "layers[0].people[0][0] alice bob",
        "~ escalation_policy/default",
        "steps[0].wait 5m 10m",
        "+ monitor/shop",
        "schedule on call now after applying",
        "primary alice bob",
        "3 to change. Do it with: tocsin apply tocsin.yaml",
    ]
    assert planned["on_call"] == [{"schedule": "primary", "before": ["alice"], "after": ["bob"]}]
    assert planned["changes"][1] == {
        "kind": "escalation_policy",
        "id": "default",
        "action": "changed",
        "fields": [{"field": "steps[0].wait", "before": "PT5M", "after": "PT10M"}],
    }


@pytest.mark.usefixtures("write", "deployed")
def test_plan_after_apply() -> None:
    run("apply", "tocsin.yaml")

    assert lines(run("plan", "tocsin.yaml").stdout) == ["Nothing to change: Tocsin already does what tocsin.yaml says."]
    assert data("plan", "tocsin.yaml")["changes"] == []


@pytest.mark.usefixtures("deployed")
def test_plan_cuts_nothing_in_a_narrow_terminal(write: WriteFile, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"https://acme.example/{'a-long-way/' * 8}"
    write(with_change("monitors:\n", f"monitors:\n  shop: {{service: web, http: {url}one}}\n"))
    run("apply", "tocsin.yaml")
    write(with_change("monitors:\n", f"monitors:\n  shop: {{service: web, http: {url}two}}\n"))
    monkeypatch.setenv("COLUMNS", "80")

    shown = run("plan", "tocsin.yaml").stdout

    assert "…" not in shown
    assert "one" in shown
    assert "two" in shown
