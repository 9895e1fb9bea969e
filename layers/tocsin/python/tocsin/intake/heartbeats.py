"""What calls a heartbeat, in the addresses that Healthchecks uses, and how it is answered: in plain text."""

from base64 import b64decode
from datetime import datetime
from typing import Any
from uuid import UUID

from tocsin.domain.heartbeat import Call, CallKind
from tocsin.errors import ConflictError, NotFoundError, RefusedError, TocsinError

MOST_BYTES = 10_000
"""Of a body; the rest is dropped."""
STATUS_CODES: tuple[tuple[type[TocsinError], int], ...] = (
    (NotFoundError, 404),
    (ConflictError, 503),
    (RefusedError, 400),
)


def call_in(request: dict[str, Any], now: datetime) -> Call:
    """From API Gateway (payload 2.0). Raises NotFoundError for an unknown action, RefusedError for a bad run id."""
    kind, exit_code = _action(request["pathParameters"].get("action", ""))
    run_id = _run_id(request.get("queryStringParameters", {}).get("rid"))
    return Call(kind=kind, at=now, run_id=run_id, exit_code=exit_code, body=_body(request))


def text(status: int, body: str, **headers: str) -> dict[str, Any]:
    """An answer for API Gateway (payload 2.0)."""
    told = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    return {"statusCode": status, "headers": told | headers, "body": f"{body}\n"}


def refusal(error: TocsinError) -> dict[str, Any]:
    status = next((code for kind, code in STATUS_CODES if isinstance(error, kind)), 500)
    return text(status, str(error))


def _action(action: str) -> tuple[CallKind, int | None]:
    if action in ("", "start", "fail"):
        return CallKind(action or "success"), None
    if action.isascii() and action.isdigit() and len(action) <= 3 and int(action) <= 255:
        return (CallKind.FAIL if int(action) else CallKind.SUCCESS), int(action)
    raise NotFoundError("there is no such action; use /start, /fail or an exit code from 0 to 255")


def _run_id(written: str | None) -> str | None:
    try:
        return None if written is None else str(UUID(written))
    except ValueError:
        raise RefusedError("rid is not a UUID; use the same one for the start and the end of a run") from None


def _body(request: dict[str, Any]) -> str:
    body = request.get("body") or ""
    data = b64decode(body) if request.get("isBase64Encoded") else body.encode()
    return data[:MOST_BYTES].decode(errors="replace")
