"""Files for another deployment, and an AWS that refuses."""

import boto3
import pytest

from tests.support.cloudformation import CloudFormation
from tests.support.command_line import OUTPUTS, lines, run


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
