"""Which secrets a check refers to, wherever they stand in it."""

import pytest

from tocsin.domain.check_kinds import Check, DnsCheck, HttpCheck, Step, StepsCheck
from tocsin.domain.secret_names import secret_names

OAUTH2 = {"kind": "oauth2", "token_url": "https://x/", "client_id": "c", "client_secret": {"secret": "client"}}
FULL = HttpCheck.model_validate(
    {
        "url": "https://x/",
        "headers": {"A": {"secret": "header"}, "B": "not secret"},
        "auth": OAUTH2,
        "client_certificate": {"certificate": {"secret": "pem"}, "key": {"secret": "key"}},
    }
)


@pytest.mark.parametrize(
    ("check", "names"),
    [
        pytest.param(HttpCheck(url="https://x/"), set(), id="none"),
        pytest.param(DnsCheck(name="x"), set(), id="another kind"),
        pytest.param(FULL, {"header", "client", "pem", "key"}, id="everywhere"),
        pytest.param(
            StepsCheck(steps=(Step(name="log in", http=FULL),)), {"header", "client", "pem", "key"}, id="in steps"
        ),
    ],
)
def test_every_reference_is_found(check: Check, names: set[str]) -> None:
    assert set(secret_names(check)) == names
