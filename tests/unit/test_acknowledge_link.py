"""A link says who may acknowledge what until when; nobody else can make one or change one."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOON
from tocsin.domain.acknowledge_link import Claims, LinkExpiredError, LinkRefusedError, read, sign

KEY = b"a key that only the two functions know"
CLAIMS = Claims(incident_id="20260302-1200-abcdef", person_id="bob", expires_at=NOON + timedelta(hours=24))
TOKEN = sign(CLAIMS, KEY)


def test_what_was_signed_is_read_back() -> None:
    assert read(TOKEN, KEY, NOON) == CLAIMS


def test_it_fits_into_a_path_and_into_one_line_of_mail() -> None:
    assert set(TOKEN) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
    assert len(TOKEN) < 300


def test_it_expires_at_the_instant_it_names() -> None:
    assert read(TOKEN, KEY, CLAIMS.expires_at - timedelta(microseconds=1)) == CLAIMS

    with pytest.raises(LinkExpiredError, match="expired at 2026-03-03 12:00 UTC"):
        read(TOKEN, KEY, CLAIMS.expires_at)


def test_another_key_makes_another_link() -> None:
    with pytest.raises(LinkRefusedError):
        read(sign(CLAIMS, b"somebody else's"), KEY, NOON)


def test_claims_of_one_link_do_not_go_with_the_signature_of_another() -> None:
    other = sign(CLAIMS.model_copy(update={"person_id": "mallory"}), KEY)

    with pytest.raises(LinkRefusedError):
        read(f"{other.split('.')[0]}.{TOKEN.split('.')[1]}", KEY, NOON)


@given(st.integers(min_value=0, max_value=len(TOKEN) - 1), st.sampled_from("Az0-_.é "))
def test_no_changed_character_is_accepted_as_other_claims(position: int, character: str) -> None:
    changed = TOKEN[:position] + character + TOKEN[position + 1 :]

    try:
        assert read(changed, KEY, NOON) == CLAIMS
    except LinkRefusedError:
        assert changed != TOKEN


@given(st.text())
def test_no_text_whatever_is_taken_for_a_link(text: str) -> None:
    with pytest.raises(LinkRefusedError):
        read(text, KEY, NOON)
