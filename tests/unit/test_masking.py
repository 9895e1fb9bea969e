"""No spelling of a secret, and no piece of one, shows in a message."""

import base64

import pytest

from tocsin.domain.masking import forms, masked

SECRET = "hunter+22/ß"


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(SECRET, id="as it is"),
        pytest.param(base64.b64encode(SECRET.encode()).decode(), id="base64"),
        pytest.param("hunter%2B22%2F%C3%9F", id="in an address"),
        pytest.param(f"{SECRET} and {SECRET}", id="twice"),
    ],
)
def test_every_spelling_is_masked(shown: str) -> None:
    assert "unter" not in masked(f"It says {shown}!", forms(SECRET))
    assert masked("It says nothing", forms(SECRET)) == "It says nothing"


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param('it begins "token=hunter+2…"', 'it begins "token=•••…"', id="at the end"),
        pytest.param('which it must not: "…er+22/ß is"', 'which it must not: "…••• is"', id="at the beginning"),
        pytest.param('it begins "how to hunt…"', 'it begins "how to •••…"', id="four characters"),
        pytest.param('it begins "how to hun…"', 'it begins "how to hun…"', id="three tell nothing"),
    ],
)
def test_a_secret_that_an_excerpt_cuts_is_masked(message: str, expected: str) -> None:
    assert masked(message, forms(SECRET)) == expected


def test_each_line_of_a_key_is_masked() -> None:
    key = "-----BEGIN-----\nMIIBVDCB+6ADAgEC\n-----END-----"

    assert masked("it begins MIIBVDCB+6ADAgEC", forms(key)) == "it begins •••"


def test_what_is_too_short_is_not_masked() -> None:
    assert forms("ab1") == {"YWIx"}


def test_the_longest_is_masked_first() -> None:
    assert masked("Bearer abc123", {"abc123", "Bearer abc123"}) == "•••"
