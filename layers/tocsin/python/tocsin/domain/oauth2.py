"""OAuth2 client credentials (RFC 6749, 4.4): what is asked of a token's endpoint, and what its answer means."""

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode

from tocsin.domain.check_kinds import HttpCheck, OAuth2Auth

UNSAID = timedelta(minutes=5)
"""How long a token is taken to be good when its endpoint does not say."""

_EARLY = timedelta(seconds=60)
"""A token is not used when it ends this soon; one with a short life, in the last tenth of it."""


class Token(NamedTuple):
    value: str
    good_for: timedelta


def token_requests(auth: OAuth2Auth, secret: str) -> tuple[HttpCheck, HttpCheck]:
    """Two ways to say who asks: in a header, which every server must understand, and in the body, as some insist."""
    optional = {"scope": auth.scope, "audience": auth.audience}
    form = {"grant_type": "client_credentials"} | {name: value for name, value in optional.items() if value}
    login = base64.b64encode(login_of(auth, secret).encode()).decode()
    return (
        _post(auth, form, {"Authorization": f"Basic {login}"}),
        _post(auth, form | {"client_id": auth.client_id, "client_secret": secret}, {}),
    )


def login_of(auth: OAuth2Auth, secret: str) -> str:
    """As it travels in a header, there in base64."""
    return f"{quote_plus(auth.client_id)}:{quote_plus(secret)}"


def token_in(body: str) -> Token | None:
    """Without a token in it, None."""
    answer = _json_object(body)
    value, lasts = answer.get("access_token"), answer.get("expires_in")
    if not (isinstance(value, str) and value):
        return None
    if isinstance(lasts, str) and lasts.isdecimal():
        lasts = int(lasts)
    life = timedelta(seconds=min(lasts, 10**9)) if isinstance(lasts, int | float) and lasts >= 0 else UNSAID
    return Token(value, life - min(_EARLY, life / 10))


def refusal_in(body: str) -> str:
    """Why there is no token, as the endpoint says it; empty when it does not."""
    answer = _json_object(body)
    return ": ".join(str(answer[key]) for key in ("error", "error_description") if answer.get(key))


def _post(auth: OAuth2Auth, form: Mapping[str, str], headers: Mapping[str, str]) -> HttpCheck:
    accepted = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return HttpCheck(url=auth.token_url, method="POST", headers={**accepted, **headers}, body=urlencode(form))


def _json_object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
