"""The emulator's process: ministack 1.5.33, with what stands between it and the template put right.

The template is written for AWS. What differs here is repaired here, so that no state machine has to be bent:

- A task that waits for its token waits 28 hours instead of for its `TimeoutSecondsPath`.
- It also waits when the function that was to hand the token on failed, which no retry or catch then learns.
- Whatever a Python function raises is called `Runtime.HandlerError`, so nothing can be caught by name.
- A schedule hands `<aws.scheduler.scheduled-time>` on as it is written.
- There is no TLS on this machine, so CloudFront sends every viewer away, and a bucket that demands it gives nothing.
"""

import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import cloudfront, eventbridge, lambda_svc, stepfunctions

from tocsin.cli.local import record

_RAISED = re.compile(r"^(?:\w+\.)*(?P<name>[A-Za-z_]\w*)(?::|$)")
_waiting_token: ContextVar[str | None] = ContextVar("waiting_token", default=None)

_execute_task = stepfunctions._execute_task
_invoke_with_callback = stepfunctions._invoke_with_callback
_call_lambda = stepfunctions._call_lambda
_execute_function_warm = lambda_svc._execute_function_warm
_invoke_target = eventbridge._invoke_target


def repair() -> None:
    stepfunctions._execute_task = _execute_task_in_time
    stepfunctions._invoke_with_callback = _invoke_with_callback_or_fail
    stepfunctions._call_lambda = _call_lambda_or_tell
    lambda_svc._execute_function_warm = _execute_and_name_error
    eventbridge._invoke_target = _invoke_target_as_scheduled
    cloudfront._check_viewer_protocol_policy = _any_protocol_will_do
    iam_evaluator._request_origin = ContextVar("request_origin", default=("127.0.0.1", True))


def _execute_task_in_time(state: dict[str, Any], data: Any, execution: Any, context: Any) -> Any:
    path = state.get("TimeoutSecondsPath")
    timeout = {"TimeoutSeconds": stepfunctions._resolve_path_or_ctx(path, data, context)} if path else {}
    return _execute_task(state | timeout, data, execution, context)


def _invoke_with_callback_or_fail(resource: str, data: Any, token: str, state: dict[str, Any]) -> Any:
    waiting = _waiting_token.set(token)
    try:
        return _invoke_with_callback(resource, data, token, state)
    finally:
        _waiting_token.reset(waiting)


def _call_lambda_or_tell(function: str, event: Any) -> Any:
    try:
        return _call_lambda(function, event)
    except stepfunctions._ExecutionError as failure:
        task = stepfunctions._task_tokens.get(_waiting_token.get())
        if task:
            task["error"] = {"Error": failure.error, "Cause": failure.cause}
            task["event"].set()
        raise


def _execute_and_name_error(function: Any, event: Any, request_id: str) -> Any:
    result = _execute_function_warm(function, event, request_id)
    body = result.get("body")
    if result.get("error") and isinstance(body, dict) and body.get("errorType") == "Runtime.HandlerError":
        raised = _RAISED.match(_last_line(result.get("log", "")))
        body["errorType"] = raised["name"] if raised else "Runtime.HandlerError"
    return result


def _invoke_target_as_scheduled(target: dict[str, Any], event: dict[str, Any], *rule: Any) -> None:
    """Schedules come through here too. Ours are for a minute's beginning, and this is the minute."""
    if event.get("Source") == "aws.scheduler" and "Input" in target:
        target = target | {"Input": _told_when(target["Input"], event["Time"])}
    _invoke_target(target, event, *rule)


def _told_when(text: str, fired_at: float) -> str:
    minute = datetime.fromtimestamp(fired_at // 60 * 60, UTC)
    return text.replace("<aws.scheduler.scheduled-time>", f"{minute:%Y-%m-%dT%H:%M:%SZ}")


def _any_protocol_will_do(*_request: Any) -> None:
    """No redirect, no refusal."""


def _last_line(log: str) -> str:
    """Of a traceback: the first line of its message, which follows the last indented one."""
    lines = log.rstrip().splitlines() or [""]
    indented = [number for number, line in enumerate(lines) if line.startswith(" ")]
    return lines[min(indented[-1] + 1, len(lines) - 1)] if indented else lines[-1]


def main() -> None:
    """Its one argument is the record to sign."""
    record.sign(Path(sys.argv.pop()))
    repair()
    app.main()


if __name__ == "__main__":
    main()
