"""HTTP to the emulator's addresses.

It serves `http://<id>.execute-api.localhost:<port>` by the Host header. Browsers and curl know that every name below
`localhost` is this machine; Python asks the C library, which often does not.
"""

import json
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        return json.loads(self.body)


def get(url: str, timeout: float = 10.0) -> Answer:
    return request("GET", url, timeout=timeout)


def post(
    url: str, body: bytes = b"", content_type: str = "application/x-www-form-urlencoded", timeout: float = 10.0
) -> Answer:
    return request("POST", url, body, {"Content-Type": content_type}, timeout)


def request(
    method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None, timeout: float = 10.0
) -> Answer:
    """One request over http, redirects not followed. Raises OSError when nobody answers."""
    parts = urlsplit(url)
    name = parts.hostname or "localhost"
    connection = HTTPConnection("127.0.0.1" if name.endswith("localhost") else name, parts.port or 80, timeout=timeout)
    try:
        target = parts.path or "/"
        connection.request(
            method,
            f"{target}?{parts.query}" if parts.query else target,
            body,
            {"Host": parts.netloc, **(headers or {})},
        )
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()
