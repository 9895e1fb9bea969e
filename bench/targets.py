"""The web sites that the bench has checked: one server of its own, a path for each."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class Targets:
    """All are up until `take_down`; then they answer 503."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._down: set[str] = set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def take_down(self, name: str) -> None:
        self._down.add(name)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        down = self._down

        class Site(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(503 if self.path[1:] in down else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing: the table does."""

        return Site
