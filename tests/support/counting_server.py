"""A web server that takes its time, and counts how many requests it was asked to answer at once."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

A_WHILE = 0.02


class CountingServer:
    def __init__(self) -> None:
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.url = f"http://127.0.0.1:{self._server.server_port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        count = self._count

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                count(1)
                threading.Event().wait(A_WHILE)
                count(-1)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        return Handler

    def _count(self, more: int) -> None:
        with self._lock:
            self._now += more
            self.most_at_once = max(self.most_at_once, self._now)


class _Server(ThreadingHTTPServer):
    request_queue_size = 200
