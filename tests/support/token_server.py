"""An API on loopback that wants an access token, and the endpoint which gives them out (RFC 6749, 4.4)."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus

CLIENT, SECRET = "tocsin client", "s3cret+/of the client"


class TokenServer:
    """`answer` replaces a token's answer; `takes` is where the client may say who it is; `asked` are the forms seen."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.takes = "header"
        self.answer: tuple[int, str] | None = None
        self.expires_in: Any = 3600
        self.delay = 0.0
        self.valid: set[str] = set()
        self.asked: list[dict[str, str]] = []

    @property
    def auth(self) -> dict[str, Any]:
        return {
            "kind": "oauth2",
            "token_url": f"{self.url}/token",
            "client_id": CLIENT,
            "client_secret": {"secret": "client"},
        }

    def respond(self, path: str, authorization: str, form: dict[str, str]) -> tuple[int, str]:
        if path == "/token":
            self.asked.append(form)
            time.sleep(self.delay)
            return self.answer or self._token(authorization, form)
        return (200, "welcome") if authorization.removeprefix("Bearer ") in self.valid else (401, "a token is needed")

    def _token(self, authorization: str, form: dict[str, str]) -> tuple[int, str]:
        given = _basic(authorization) if self.takes == "header" else (form.get("client_id"), form.get("client_secret"))
        if given != (CLIENT, SECRET):
            return 401, json.dumps({"error": "invalid_client", "error_description": "unknown client"})
        token = f"token-number-{len(self.asked)}"
        self.valid.add(token)
        return 200, json.dumps({"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in})


def _basic(authorization: str) -> tuple[str, ...]:
    login = base64.b64decode(authorization.removeprefix("Basic ")).decode()
    return tuple(map(unquote_plus, login.split(":", 1)))


@contextmanager
def token_server() -> Iterator[TokenServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(sent).items()}
            status, body = peer.respond(self.path, self.headers.get("Authorization", ""), form)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer = TokenServer(server.server_port)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
