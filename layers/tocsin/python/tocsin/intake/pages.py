"""The small HTML pages people meet at the API, and the one table from error to status code."""

import hashlib
from base64 import b64encode
from functools import cache
from typing import Any

from tocsin.domain.acknowledge_link import LinkExpiredError
from tocsin.errors import ConflictError, NotFoundError, RefusedError, TocsinError
from tocsin.templates import templates

STATUS_CODES: tuple[tuple[type[TocsinError], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 409),
    (LinkExpiredError, 410),
    (RefusedError, 403),
)


def html(template: str, status: int = 200, **values: Any) -> dict[str, Any]:
    """An answer for API Gateway (payload 2.0)."""
    body = templates(__package__).get_template(template).render(**values)
    return {"statusCode": status, "headers": _headers(), "body": body}


def refusal(error: TocsinError) -> dict[str, Any]:
    status = next((code for kind, code in STATUS_CODES if isinstance(error, kind)), 500)
    return html("refusal.html.j2", status, reason=str(error))


@cache
def _headers() -> dict[str, str]:
    """The page may use its own style sheet, recognised by its hash, and nothing else."""
    sheet = templates(__package__).get_template("style.css").render()
    digest = b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    return {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "content-security-policy": policy,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex",
    }
