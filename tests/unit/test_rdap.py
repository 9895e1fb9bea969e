"""What registries say, and where they are."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOON, after
from tests.support.rdap_server import DOMAIN_SCHEMA, a_domain
from tocsin.domain.rdap import Registration, directory, plain_name, registration, server_for

KEYS = st.sampled_from(
    ["objectClassName", "events", "eventAction", "eventDate", "entities", "roles", "vcardArray", "status", "services"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Acme.Example.", "acme.example"),
        ("Bücher.example", "xn--bcher-kva.example"),
        ("acme.co.uk", "acme.co.uk"),
    ],
)
def test_a_name_as_registries_write_it(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_name_that_is_none() -> None:
    with pytest.raises(ValueError, match="label"):
        plain_name(f"{'ž' * 70}.cz")


def a_list(*services: Any) -> str:
    return json.dumps({"version": "1.0", "services": services})


@pytest.mark.parametrize(
    ("body", "known"),
    [
        pytest.param(
            a_list([["com", "NET"], ["https://rdap.verisign.example/"]]),
            {"com": "https://rdap.verisign.example/", "net": "https://rdap.verisign.example/"},
            id="several ends",
        ),
        pytest.param(a_list([["cz"], ["http://x/", "https://x/"]]), {"cz": "https://x/"}, id="encrypted first"),
        pytest.param(a_list([["cz"], []], [["at"]], "x", [[1], [2]]), {}, id="broken lines"),
        pytest.param("[]", {}, id="no list"),
        pytest.param("<html>", {}, id="no JSON"),
    ],
)
def test_the_list_of_registries_is_read(body: str, known: dict[str, str]) -> None:
    assert directory(body) == known


@pytest.mark.parametrize(
    ("name", "server"),
    [("acme.cz", "a"), ("www.acme.cz", "a"), ("acme.co.cz", "b"), ("acme.de", None), ("cz", None)],
)
def test_the_longest_end_counts(name: str, server: str | None) -> None:
    assert server_for(name, {"cz": "a", "co.cz": "b"}) == server


def test_the_answers_of_the_tests_are_as_the_standard_says() -> None:
    for answer in (a_domain("acme.example", NOON), a_domain("acme.example", None)):
        jsonschema.validate(answer, DOMAIN_SCHEMA)


def test_an_answer_is_read() -> None:
    assert registration(json.dumps(a_domain("acme.example", after(days=90)))) == Registration(
        after(days=90), "Acme Registrar, Inc.", ("client delete prohibited", "client transfer prohibited")
    )


@pytest.mark.parametrize(
    ("dates", "ends"),
    [
        pytest.param(["2026-08-13T04:00:00Z"], datetime(2026, 8, 13, 4, tzinfo=UTC), id="UTC"),
        pytest.param(
            ["2026-08-13T04:00:00.123+02:00"],
            datetime(2026, 8, 13, 4, 0, 0, 123000, tzinfo=timezone(timedelta(hours=2))),
            id="offset",
        ),
        pytest.param(["2026-08-13T04:00:00"], datetime(2026, 8, 13, 4, tzinfo=UTC), id="no zone"),
        pytest.param(["soon", None, 7], None, id="no dates"),
        pytest.param([], None, id="not told"),
    ],
)
def test_when_it_ends(dates: list[Any], ends: datetime | None) -> None:
    events = [{"eventAction": "expiration", "eventDate": date} for date in dates]

    found = registration(json.dumps(a_domain("acme.example", None, events=events)))

    assert found is not None
    assert found.ends == ends


@pytest.mark.parametrize(
    ("entities", "registrar"),
    [
        pytest.param([], "", id="nobody"),
        pytest.param([{"roles": ["registrar"], "handle": "REG-1"}], "REG-1", id="a handle"),
        pytest.param([{"roles": ["abuse"], "handle": "A"}, {"roles": ["registrar"]}], "", id="no name"),
        pytest.param([7, {"roles": "registrar"}, {"vcardArray": ["vcard"]}], "", id="nonsense"),
    ],
)
def test_who_registered_it(entities: list[Any], registrar: str) -> None:
    found = registration(json.dumps(a_domain("acme.example", None, entities=entities)))

    assert found is not None
    assert found.registrar == registrar


@given(JSON)
def test_whatever_comes_is_read_or_refused(document: Any) -> None:
    body = json.dumps(document)

    assert isinstance(registration(body), Registration | None)
    assert isinstance(directory(body), dict)
    if isinstance(document, dict):
        assert registration(json.dumps(document | {"objectClassName": "domain"})) is not None
