"""The commands, read as the person or program that called them would."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result

from tests.support.cloudformation import CloudFormation, cloudformation
from tests.support.files import SMALL, with_change
from tests.support.tables import DIRECTORY, REGION
from tocsin.cli.main import COMMANDS, main
from tocsin.stores import keys
from tocsin.stores.directory import DirectoryStore
from tocsin.stores.table import Table, Write

WriteFile = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteFile:
    """Puts a text into tocsin.yaml, where the commands run."""
    monkeypatch.chdir(tmp_path)

    def written(text: str) -> str:
        Path("tocsin.yaml").write_text(text)
        return "tocsin.yaml"

    written(SMALL)
    return written


OUTPUTS = {"DirectoryTable": DIRECTORY, "HomeRegion": REGION, "ProbeRegions": "us-east-1,eu-west-1"}


@pytest.fixture
def stacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFormation]:
    with cloudformation() as fake:
        monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", fake.url)
        yield fake


@pytest.fixture
def deployed(tables: None, stacks: CloudFormation) -> CloudFormation:
    stacks.stacks["Tocsin"] = OUTPUTS
    return stacks


def run(*arguments: str) -> Result:
    """Wide enough that no table is cut."""
    return CliRunner(env={"COLUMNS": "200"}).invoke(main, arguments, catch_exceptions=False)


def data(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def lines(text: str) -> list[str]:
    """With single spaces, as one reads a table."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


# help ---------------------------------------------------------------------------------------------


def test_every_command_explains_itself() -> None:
    result = run("--help")

    assert result.exit_code == 0
    for name in COMMANDS:
        assert name in result.stdout
        assert run(name, "--help").exit_code == 0


def test_an_unknown_command() -> None:
    result = run("aply")

    assert result.exit_code == 2
    assert "No such command 'aply'" in result.stderr


# validate -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("write")
def test_validate_a_good_file() -> None:
    result = run("validate", "tocsin.yaml")

    assert result.exit_code == 0
    assert lines(result.stdout) == [
        "tocsin.yaml is valid: people: 2, schedules: 1, escalation policies: 1, services: 1, monitors: 1, "
        "status pages: 1"
    ]
    assert data("validate", "tocsin.yaml") == {"file": "tocsin.yaml", "valid": True, "problems": []}


def test_validate_a_bad_file(write: WriteFile) -> None:
    write(with_change("timeout: 10s", "timout: 10s", with_change("alice@acme.example", "alice")))

    result, as_json = run("validate", "tocsin.yaml"), run("validate", "tocsin.yaml", "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert lines(result.stderr) == [
        "tocsin.yaml:6:31: people.alice.email: `alice` is not an e-mail address; write it as in `alice@acme.example`",
        "tocsin.yaml:25:5: monitors.home.timout: is not known here; did you mean `timeout`?",
        "2 problems in tocsin.yaml",
    ]
    assert as_json.exit_code == 2
    assert json.loads(as_json.stdout)["problems"][1] == {
        "line": 25,
        "column": 5,
        "path": "monitors.home.timout",
        "message": "is not known here; did you mean `timeout`?",
    }


def test_validate_a_file_that_is_not_there(write: WriteFile) -> None:
    result = run("validate", "nowhere.yaml")

    assert result.exit_code == 2
    assert lines(result.stderr)[0] == "nowhere.yaml:1:1: cannot be read (No such file or directory); check the name"


# apply --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("write", "deployed")
def test_apply_and_apply_again() -> None:
    first, second = run("apply", "tocsin.yaml"), run("apply", "tocsin.yaml")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert lines(first.stdout)[-1] == "Applied to Tocsin: 9 changed."
    assert "person/alice" in lines(first.stdout)
    assert lines(second.stdout) == ["Nothing to change: Tocsin already does what tocsin.yaml says."]
    assert DirectoryStore(DIRECTORY).person("alice").name == "Alice"


@pytest.mark.usefixtures("deployed")
def test_apply_as_json(write: WriteFile) -> None:
    data("apply", "tocsin.yaml")
    write(with_change("name: Bob", "name: Robert"))

    assert data("apply", "tocsin.yaml") == {"changed": ["person/bob"]}
    assert data("apply", "tocsin.yaml") == {"changed": []}


@pytest.mark.usefixtures("write", "deployed")
def test_apply_after_a_crash_between_the_entities_and_the_shards() -> None:
    run("apply", "tocsin.yaml")
    Table(DIRECTORY).save([Write.delete(keys.shard_list("us-east-1"))])

    result = run("apply", "tocsin.yaml")

    assert lines(result.stdout) == ["Nothing new: finished what an earlier, interrupted apply had begun."]


@pytest.mark.usefixtures("deployed")
def test_apply_a_bad_file_changes_nothing(write: WriteFile) -> None:
    write(with_change("service: web\n", "service: wbe\n"))

    result = run("apply", "tocsin.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert lines(result.stderr)[-1] == "1 problem in tocsin.yaml"
    assert DirectoryStore(DIRECTORY).read_all() is None


@pytest.mark.usefixtures("write")
def test_apply_to_another_stack(deployed: CloudFormation) -> None:
    deployed.stacks = {"Second": OUTPUTS}

    assert "Applied to Second" in run("apply", "tocsin.yaml", "--stack", "Second").stdout


@pytest.mark.usefixtures("write", "deployed")
def test_two_applies_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    save = Table.save

    def saved(self: Table, writes: list[Write], *events: Any) -> None:
        monkeypatch.setattr(Table, "save", save)
        run("apply", "tocsin.yaml")
        save(self, writes, *events)

    monkeypatch.setattr(Table, "save", saved)
    result = run("apply", "tocsin.yaml")

    assert result.exit_code == 2
    assert lines(result.stderr) == [
        "tocsin: somebody else applies at the same time; look at `tocsin plan`, then apply again"
    ]


# plan ---------------------------------------------------------------------------------------------


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


# what is deployed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        pytest.param(
            {"ProbeRegions": "eu-west-1"},
            "regions.probes names us-east-1, where Tocsin is not deployed; deploy there first",
            id="a region that is not deployed",
        ),
        pytest.param(
            {"ProbeRegions": "eu-west-1,us-east-1,ap-southeast-2"},
            "regions.probes lacks ap-southeast-2, where Tocsin is deployed; add it to the file",
            id="a region that is not in the file",
        ),
        pytest.param(
            {"HomeRegion": "eu-central-1"},
            "regions.home is eu-west-1, but Tocsin has its home in eu-central-1",
            id="another home",
        ),
        pytest.param(
            {"DirectoryTable": None},
            "the stack Tocsin in eu-west-1 has no output 'DirectoryTable'; is it Tocsin's?",
            id="another program's stack",
        ),
    ],
)
@pytest.mark.parametrize("command", ["plan", "apply"])
@pytest.mark.usefixtures("write")
def test_a_file_for_another_deployment_is_refused(
    command: str, outputs: dict[str, str | None], reason: str, deployed: CloudFormation
) -> None:
    deployed.stacks["Tocsin"] = {name: value for name, value in (OUTPUTS | outputs).items() if value}

    result = run(command, "tocsin.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert lines(result.stderr) == [f"tocsin: {reason}"]


@pytest.mark.usefixtures("write", "stacks")
def test_nothing_is_deployed() -> None:
    result = run("apply", "tocsin.yaml")

    assert result.exit_code == 2
    assert lines(result.stderr) == ["tocsin: eu-west-1 has no stack Tocsin; deploy first, or name another with --stack"]


@pytest.mark.usefixtures("write", "deployed")
def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    result = run("apply", "tocsin.yaml")

    assert result.exit_code == 2
    assert lines(result.stderr) == [
        "tocsin: no AWS credentials (Unable to locate credentials); sign in, or set AWS_PROFILE"
    ]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("AccessDenied", "your AWS credentials may not call DescribeStacks: not you"),
        ("ExpiredToken", "AWS does not take your credentials (ExpiredToken); sign in again"),
        ("OptInRequired", "AWS refused DescribeStacks: OptInRequired not you"),
    ],
)
@pytest.mark.usefixtures("write")
def test_what_aws_refuses(code: str, reason: str, deployed: CloudFormation) -> None:
    deployed.refusal = code

    result = run("apply", "tocsin.yaml")

    assert (result.exit_code, result.stdout) == (2, "")
    assert lines(result.stderr) == [f"tocsin: {reason}"]


@pytest.mark.usefixtures("write")
def test_the_table_is_gone(stacks: CloudFormation) -> None:
    stacks.stacks["Tocsin"] = OUTPUTS

    result = run("apply", "tocsin.yaml")

    assert result.exit_code == 2
    assert lines(result.stderr)[0].startswith("tocsin: AWS refused GetItem: ResourceNotFoundException")


@pytest.mark.usefixtures("write")
def test_aws_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDFORMATION", "http://127.0.0.1:9")

    result = run("apply", "tocsin.yaml")

    assert result.exit_code == 2
    assert lines(result.stderr)[0].startswith("tocsin: AWS does not answer")


@pytest.mark.usefixtures("write")
def test_a_profile_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    result = run("apply", "tocsin.yaml")

    assert result.exit_code == 2
    assert "(nobody) could not be found; set AWS_PROFILE to one that exists" in result.stderr


# oncall -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("write")
def test_oncall_at_an_instant() -> None:
    def on_call(at: str) -> Any:
        return data("oncall", "tocsin.yaml", "primary", "--at", at)

    assert on_call("2026-01-12T08:59") == {"schedule": "primary", "on_call": ["alice"]}
    assert on_call("2026-01-12T09:00") == {"schedule": "primary", "on_call": ["bob"]}
    assert on_call("2026-01-12T08:00Z") == {"schedule": "primary", "on_call": ["bob"]}
    assert run("oncall", "tocsin.yaml", "primary", "--at", "2026-01-12").stdout == "alice\n"


@pytest.mark.usefixtures("write")
def test_oncall_now() -> None:
    assert data("oncall", "tocsin.yaml", "primary")["on_call"] in (["alice"], ["bob"])


@pytest.mark.usefixtures("write")
def test_oncall_over_a_range() -> None:
    arguments = ("oncall", "tocsin.yaml", "primary", "--from", "2026-03-25", "--until", "2026-04-01T12:00+02:00")

    assert data(*arguments) == {
        "schedule": "primary",
        "shifts": [
            {"start": "2026-03-25T00:00:00+01:00", "end": "2026-03-30T09:00:00+02:00", "people": ["bob"]},
            {"start": "2026-03-30T09:00:00+02:00", "end": "2026-04-01T12:00:00+02:00", "people": ["alice"]},
        ],
    }
    assert lines(run(*arguments).stdout) == [
        "from until on call",
        "Wed 2026-03-25 00:00 CET Mon 2026-03-30 09:00 CEST bob",
        "Mon 2026-03-30 09:00 CEST Wed 2026-04-01 12:00 CEST alice",
    ]


@pytest.mark.usefixtures("write")
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["primry"], "the file has no schedule 'primry'; did you mean `primary`?"),
        (
            ["primary", "--at", "soon"],
            "'soon' is not a time; write it as in 2026-01-05T09:00 or 2026-01-05T09:00+01:00",
        ),
        (["primary", "--at", "0001-01-01"], "'0001-01-01' is too far away; use a year from 1970 to 2100"),
        (["primary", "--from", "2026-01-02", "--until", "2026-01-01"], "--until must be after --from"),
        (["primary", "--from", "2026-01-02"], "give either --at, or both --from and --until"),
        (["primary", "--at", "2026-01-01", "--from", "2026-01-02", "--until", "2026-01-03"], "give either --at"),
    ],
)
def test_oncall_refusals(arguments: list[str], reason: str) -> None:
    result = run("oncall", "tocsin.yaml", *arguments, "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


def test_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["title"] == "tocsin.yaml"
