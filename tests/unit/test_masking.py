"""No spelling of a secret, and no piece of one, shows in a message."""

import base64
import re

import pytest

from tocsin.domain.excerpts import excerpt
from tocsin.domain.masking import forms, masked

SECRET = "hunter+22/ß"


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(SECRET, id="as it is"),
        pytest.param(base64.b64encode(SECRET.encode()).decode(), id="base64"),
        pytest.param("hunter%2B22%2F%C3%9F", id="in an address"),
        pytest.param(f"{SECRET} and {SECRET}", id="twice"),
        pytest.param(r"hunter+22/\u00df", id="in JSON"),
    ],
)
def test_every_spelling_is_masked(shown: str) -> None:
    assert "unter" not in masked(f"It says {shown}!", forms(SECRET))
    assert masked("It says nothing", forms(SECRET)) == "It says nothing"


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        pytest.param('say "friend"', r'{"key": "say \"friend\""}', id="quotes in JSON"),
        pytest.param('say "friend" & enter', "<b>say &quot;friend&quot; &amp; enter</b>", id="in HTML"),
        pytest.param("two  spaces", "an excerpt says two spaces", id="spaces, as in an excerpt"),
    ],
)
def test_what_servers_and_excerpts_make_of_it_is_masked(secret: str, shown: str) -> None:
    found = masked(shown, forms(secret))

    assert not {"friend", "spaces"} & set(re.findall(r"\w+", found))


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


def test_a_secret_at_the_end_of_what_an_excerpt_reads_is_masked() -> None:
    """Of much mark-up little remains, and no length shows that something was cut."""
    body = "<br>" * 798 + f"key={SECRET}, and more"

    assert masked(excerpt(body), forms(SECRET)) == '"key=•••…"'


def test_a_value_of_a_megabyte_takes_no_longer_than_its_message() -> None:
    """A server says what is saved between steps: comparing all its beginnings would hold up every other check."""
    secret = "ab" * 2**19

    assert masked(f'it begins "{secret[:160]}…"', forms(secret)) == 'it begins "•••…"'


def test_each_line_of_a_key_is_masked() -> None:
    key = "-----BEGIN-----\nMIIBVDCB+6ADAgEC\n-----END-----"

    assert masked("it begins MIIBVDCB+6ADAgEC", forms(key)) == "it begins •••"


def test_what_is_too_short_is_not_masked() -> None:
    assert forms("ab1") == {"YWIx"}


def test_the_longest_is_masked_first() -> None:
    assert masked("Bearer abc123", {"abc123", "Bearer abc123"}) == "•••"
