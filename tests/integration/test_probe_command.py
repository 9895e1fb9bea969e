"""`tocsin probe`: the file's checks, once, from here."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.hostile_server import HostileServer
from tocsin.cli.main import main

FILE = """
organization: {{name: Acme}}
regions: {{home: eu-west-1, probes: [eu-west-1], allow_private_targets: true}}
people: {{alice: {{name: Alice, email: alice@acme.example}}}}
escalation_policies: {{default: {{steps: [{{page: [person: alice], wait: 5m}}], fallback: [person: alice]}}}}
services: {{web: {{name: Website, escalation_policy: default}}}}
monitors:
  home: {{service: web, http: "{url}", expect: {{body: [{{contains: Welcome}}]}}}}
  search: {{service: web, http: "{url}unavailable"}}
"""
WORRYING = """
  worrying: {{service: web, http: "{url}", degraded: {{body: {{contains: Welcome}}}}}}
"""
NIGHTLY = """
  nightly: {service: web, heartbeat: {every: 1 day}}
"""


@pytest.fixture
def shop() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


@pytest.fixture
def file(tmp_path: Path, shop: HostileServer) -> Path:
    path = tmp_path / "tocsin.yaml"
    path.write_text(FILE.format(url=shop.url()))
    return path


def probe(*arguments: object, columns: int = 200) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(main, ["probe", *map(str, arguments)])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_what_is_not_up_ends_with_1_and_says_why(file: Path) -> None:
    result = probe(file, "--json")

    up, down = lines(result)
    assert result.exit_code == 1
    assert list(up) == ["monitor", "state", "failures", "status", "timings", "certificate_expires"]
    assert (up["monitor"], up["state"], up["failures"], up["status"]) == ("home", "up", [], 200)
    assert list(up["timings"]) == ["lookup", "connect", "tls", "first_byte", "total"]
    assert up["certificate_expires"] is None
    message = 'Status 503 instead of 200-299, with the body "the database is down"'
    assert down["failures"] == [{"expect": "status", "message": message}]


def test_one_monitor_that_is_up_ends_with_0(file: Path, shop: HostileServer) -> None:
    result = probe(file, "home", "--json")

    assert (result.exit_code, [line["monitor"] for line in lines(result)]) == (0, ["home"])
    assert len(shop.requests) == 1


def test_people_get_a_table(file: Path) -> None:
    result = probe(file)

    header, home, search, *_ = result.stdout.splitlines()
    assert header.split() == ["monitor", "state", "status", "took", "what", "was", "found"]
    assert home.split()[:3] == ["home", "up", "200"]
    assert "first byte" in home
    assert search.split()[:4] == ["search", "down", "503", search.split()[3]]


def test_in_a_narrow_terminal_messages_have_a_table_of_their_own(file: Path) -> None:
    result = probe(file, columns=80)

    header, home, search, _, found, home_found, search_found = (line.split() for line in result.stdout.splitlines())
    assert header == ["monitor", "state", "status", "took"]
    assert (home[:3], search[:3]) == (["home", "up", "200"], ["search", "down", "503"])
    assert found == ["monitor", "what", "was", "found"]
    assert home_found[:2] == ["home", "lookup"]
    assert search_found[:3] == ["search", "Status", "503"]


def test_what_is_paused_is_left_out_with_a_note_unless_it_is_named(file: Path) -> None:
    file.write_text(file.read_text().replace("search: {", "search: {paused: true, "))

    everything, search = probe(file, "--json"), probe(file, "search", "--json")

    assert [line["monitor"] for line in lines(everything)] == ["home"]
    assert everything.stderr == "Not checked, since it is paused; name it to check it: search\n"
    assert [line["monitor"] for line in lines(search)] == ["search"]


def test_what_is_degraded_is_not_up(file: Path, shop: HostileServer) -> None:
    file.write_text(FILE.format(url=shop.url()) + WORRYING.format(url=shop.url()))

    result = probe(file, "worrying", "--json")

    (line,) = lines(result)
    assert (result.exit_code, line["state"], line["status"]) == (1, "degraded", 200)
    message = 'The body contains "Welcome": "Welcome to the shop"'
    assert line["failures"] == [{"expect": "body", "message": message}]


def test_heartbeats_are_left_out_with_a_note(file: Path) -> None:
    file.write_text(file.read_text() + NIGHTLY)

    result = probe(file, "home", "nightly", "--json")

    assert (result.exit_code, [line["monitor"] for line in lines(result)]) == (0, ["home"])
    assert result.stderr == "Not checked, since a heartbeat calls us: nightly\n"


def test_a_thousand_monitors_are_all_checked(file: Path, shop: HostileServer) -> None:
    many = "".join(f'  m{number}: {{service: web, http: "{shop.url()}"}}\n' for number in range(1000))
    file.write_text(FILE.format(url=shop.url()) + many)

    result = probe(file, *(f"m{number}" for number in range(1000)), "--json")

    assert result.exit_code == 0
    assert [line["monitor"] for line in lines(result)] == [f"m{number}" for number in range(1000)]


def test_a_monitor_that_is_not_there_ends_with_2(file: Path) -> None:
    result = probe(file, "hone")

    assert result.exit_code == 2
    assert "home" in result.stderr


def test_secrets_come_from_the_environment(
    tmp_path: Path, shop: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{{url: {shop.url()}, auth: {{bearer: {{secret: shop-token}}}}}}"
    path = tmp_path / "tocsin.yaml"
    path.write_text(FILE.format(url="https://shop.example/").replace('"https://shop.example/"', url))

    without = lines(probe(path, "home", "--json"))
    monkeypatch.setenv("TOCSIN_SECRET_SHOP_TOKEN", "abc-def")
    with_it = lines(probe(path, "home", "--json"))

    assert (without[0]["state"], with_it[0]["state"]) == ("inconclusive", "up")
    assert "put its value into the environment as TOCSIN_SECRET_SHOP_TOKEN" in without[0]["failures"][0]["message"]
    assert shop.requests[-1].headers["authorization"] == "Bearer abc-def"
