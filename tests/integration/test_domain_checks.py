"""How long domains are registered for, as a registry on loopback tells it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.support.builders import NOON, after, expected
from tests.support.hostile_server import refusing_port
from tests.support.probing import check, told
from tests.support.rdap_server import Registry, registry
from tocsin.domain.check_kinds import DomainCheck
from tocsin.domain.checks import CheckResult, CheckState
from tocsin.domain.targets import TargetRules
from tocsin.probes import kinds
from tocsin.probes.prober import Prober
from tocsin.probes.registration import RegistrationProbe

NAME = "acme.example"
UNKNOWN = f"The checker itself failed: nothing is known about {NAME}: "


@pytest.fixture
def iana() -> Iterator[Registry]:
    with registry() as server:
        server.knows(NAME, after(days=90))
        yield server


@pytest.fixture
def prober(iana: Registry, monkeypatch: pytest.MonkeyPatch) -> Prober:
    monkeypatch.setitem(kinds.ROWS, "domain", lambda tools: RegistrationProbe(tools, f"{iana.url}/dns.json"))
    return Prober()


def ask(
    prober: Prober, name: str = NAME, now: datetime = NOON, server: str | None = None, **fields: Any
) -> CheckResult:
    return check(prober, DomainCheck(name=name, server=server), now=now, **fields)


@pytest.mark.parametrize(
    ("path", "matcher"),
    [
        pytest.param("valid_for", {"above": 89 * 86400}, id="long enough"),
        pytest.param("registrar", {"contains": "Acme Registrar"}, id="registrar"),
        pytest.param("status", {"contains": "client transfer prohibited"}, id="status"),
    ],
)
def test_a_registration_is_as_expected(prober: Prober, path: str, matcher: dict[str, Any]) -> None:
    result = ask(prober, expect=(expected("registration", path, **matcher),))

    assert (result.state, result.message) == (CheckState.UP, "")
    assert result.timings.total is not None


def test_a_registration_that_ends_soon(prober: Prober) -> None:
    result = ask(prober, expect=(expected("registration", "valid_for", above=100 * 86400),))

    assert (result.state, [expect for expect, _ in told(result)]) == (CheckState.DOWN, ["registration"])


def test_a_registration_that_has_ended_needs_no_expectation(prober: Prober, iana: Registry) -> None:
    iana.knows(NAME, after(days=-1))

    assert told(ask(prober)) == [("registration", "The registration of acme.example ended on 2026-03-01")]


def test_a_registry_that_does_not_tell_the_end(prober: Prober, iana: Registry) -> None:
    iana.knows(NAME, None)
    rule = expected("registration", "valid_for", above=0)

    assert ask(prober).state is CheckState.UP
    assert told(ask(prober, expect=(rule,))) == [
        ("checker", "The checker itself failed: the registry does not tell how long acme.example is registered for")
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("other.example", "other.example is not registered, says the registry (status 404)"),
        (
            "www.acme.example",
            "www.acme.example is not registered, says the registry (status 404); is it the name of a host? "
            "Name the domain that is registered",
        ),
    ],
)
def test_what_is_not_registered_is_down(prober: Prober, name: str, message: str) -> None:
    result = ask(prober, name)

    assert (result.state, told(result)) == (CheckState.DOWN, [("registration", message)])


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        pytest.param((429, {}), "the registry has been asked too often (status 429)", id="too often"),
        pytest.param((503, "down"), 'the registry answers with status 503, "down"', id="broken"),
        pytest.param((200, "<html>"), 'the registry answers with status 200, ""', id="no JSON"),
        pytest.param(
            (200, {"objectClassName": "help"}),
            'the registry answers with status 200, "{"objectClassName": "help"}"',
            id="something else",
        ),
    ],
)
def test_what_says_nothing_about_the_name_is_inconclusive(
    prober: Prober, iana: Registry, answer: tuple[int, Any], reason: str
) -> None:
    iana.answers[f"/registry/domain/{NAME}"] = answer

    result = ask(prober)

    assert (result.state, told(result)) == (CheckState.INCONCLUSIVE, [("checker", UNKNOWN + reason)])


def test_an_ending_without_a_registry(prober: Prober) -> None:
    result = ask(prober, "acme.invalid")

    assert result.state is CheckState.INCONCLUSIVE
    assert result.message.endswith("no RDAP server is known for .invalid; if there is one, name it as `server`")


def test_a_registry_that_cannot_be_reached(prober: Prober) -> None:
    with refusing_port() as port:
        result = ask(prober, server=f"http://127.0.0.1:{port}/")

    assert told(result) == [("checker", UNKNOWN + "127.0.0.1:PORT refused the connection")]


def test_a_list_of_registries_that_is_none_is_asked_for_again(prober: Prober, iana: Registry) -> None:
    good = iana.answers["/dns.json"]
    iana.answers["/dns.json"] = 500, "broken"
    first = ask(prober)
    iana.answers["/dns.json"] = good

    assert told(first) == [("checker", UNKNOWN + 'the list of registries cannot be read: status 500, "broken"')]
    assert ask(prober).state is CheckState.UP


def test_the_list_of_registries_is_kept_for_a_day(prober: Prober, iana: Registry) -> None:
    for later in (timedelta(0), timedelta(hours=23), timedelta(days=1, minutes=1)):
        ask(prober, now=NOON + later)

    registry_path = f"/registry/domain/{NAME}"
    assert iana.asked == ["/dns.json", registry_path, registry_path, "/dns.json", registry_path]


def test_a_server_that_is_named_is_asked_at_once(prober: Prober, iana: Registry) -> None:
    result = ask(prober, "ACME.example.", server=f"{iana.url}/registry")

    assert (result.state, iana.asked) == (CheckState.UP, [f"/registry/domain/{NAME}"])


def test_a_redirect_to_the_registrar_is_followed(prober: Prober, iana: Registry) -> None:
    path = f"/registry/domain/{NAME}"
    iana.answers["/registrar"] = iana.answers[path]
    iana.answers[path] = 302, f"{iana.url}/registrar"

    assert ask(prober).state is CheckState.UP


def test_a_registry_is_only_asked_where_checks_may_go(prober: Prober, iana: Registry) -> None:
    result = ask(prober, rules=TargetRules())

    assert (result.state, iana.asked) == (CheckState.INCONCLUSIVE, [])
    assert result.message.endswith("checked only where allow_private_targets is set")
