"""Events as AWS hands them to a function."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tocsin.domain.record import Event

RECEIPT = "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a"
SENT_AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def on_the_bus(event: Event) -> dict[str, Any]:
    """An EventBridge envelope, field for field."""
    return {
        "version": "0",
        "id": str(uuid4()),
        "detail-type": type(event).__name__,
        "source": "tocsin",
        "account": "000000000000",
        "time": f"{event.occurred_at:%Y-%m-%dT%H:%M:%SZ}",
        "region": "eu-west-1",
        "resources": [],
        "detail": json.loads(event.model_dump_json()),
    }


def delivered(*events: Event) -> dict[str, Any]:
    """One SQS batch, each record an event that a rule put on the queue."""
    return {"Records": [_record(json.dumps(on_the_bus(event))) for event in events]}


def queued(*bodies: str, receipt: str = RECEIPT, sent_at: datetime = SENT_AT) -> dict[str, Any]:
    """One SQS batch of messages that we put on the queue ourselves."""
    return {"Records": [_record(body, receipt, sent_at) for body in bodies]}


def _record(body: str, receipt: str = RECEIPT, sent_at: datetime = SENT_AT) -> dict[str, Any]:
    return {
        "messageId": str(uuid4()),
        "receiptHandle": receipt,
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(int(sent_at.timestamp() * 1000)),
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1772452800001",
        },
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:000000000000:queue",
        "awsRegion": "eu-west-1",
    }


def http_request(method: str, path: str, **path_parameters: str) -> dict[str, Any]:
    """API Gateway HTTP API, payload format 2.0."""
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "abcdef.execute-api.eu-west-1.amazonaws.com", "user-agent": "Mozilla/5.0"},
        "requestContext": {
            "accountId": "000000000000",
            "apiId": "abcdef",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "Mozilla/5.0",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "stage": "$default",
            "time": "02/Mar/2026:12:00:00 +0000",
            "timeEpoch": 1772452800000,
        },
        "pathParameters": path_parameters,
        "isBase64Encoded": False,
    }
