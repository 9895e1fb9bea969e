"""The signed link in a page: it says who may acknowledge what until when, and nothing else.

Format: base64url(JSON claims) "." base64url(HMAC-SHA256 over the first part).
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

from pydantic import ValidationError

from tocsin.domain.record import Instant, Record
from tocsin.errors import RefusedError

LIFETIME = timedelta(hours=24)


class LinkRefusedError(RefusedError):
    """The link was not made by us, or was changed."""


class LinkExpiredError(RefusedError):
    """The link was good once."""


class Claims(Record):
    incident_id: str
    person_id: str
    expires_at: Instant


def sign(claims: Claims, key: bytes) -> str:
    body = _encode(claims.model_dump_json().encode())
    return f"{body}.{_encode(_signature(body, key))}"


def read(token: str, key: bytes, now: datetime) -> Claims:
    """What a token claims. Raises LinkRefusedError, or LinkExpiredError when it is old."""
    body, _, signature = token.partition(".")
    try:
        genuine = hmac.compare_digest(_decode(signature), _signature(body, key))
        claims = Claims.model_validate_json(_decode(body)) if genuine else None
    except (ValueError, ValidationError):
        claims = None
    if claims is None:
        raise LinkRefusedError("this link is not one of ours, or it was cut short on its way")
    if now >= claims.expires_at:
        raise LinkExpiredError(f"this link expired at {claims.expires_at:%Y-%m-%d %H:%M} UTC")
    return claims


def _signature(body: str, key: bytes) -> bytes:
    return hmac.digest(key, body.encode(), hashlib.sha256)


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
