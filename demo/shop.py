"""A web shop to watch: `python -m demo.shop` opens the one that examples/tocsin.yaml watches, until Ctrl-C."""

import sys
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import yaml

FILE = Path(__file__).parent.parent / "examples" / "tocsin.yaml"
PAGE = b"<!doctype html><title>Acme web shop</title><h1>Welcome to the Acme web shop</h1><p>Fresh bread daily.</p>\n"


class _Till(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: the story is told elsewhere."""


class Shop:
    """Open: it answers. Closed: nobody listens on its port. Port 0 takes a free one, and keeps it."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def open(self) -> None:
        """Raises OSError when the port is taken."""
        if self._server is None:
            self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _Till)
            self.port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def watched_url(file: Path = FILE) -> str:
    """The first address on this machine that the file has checked."""
    monitors = yaml.safe_load(file.read_text())["monitors"].values()
    requests = (monitor["http"] for monitor in monitors if "http" in monitor)
    urls = [request if isinstance(request, str) else request["url"] for request in requests]
    return next(url for url in urls if urlsplit(url).hostname in ("127.0.0.1", "localhost"))


if __name__ == "__main__":
    shop = Shop(urlsplit(watched_url()).port or 80)
    try:
        shop.open()
    except OSError as taken:
        sys.exit(f"The shop cannot open at {shop.url}: {taken}. Perhaps it is open already, or a demo is running.")
    print(f"The shop is open at {shop.url} Close it with Ctrl-C.")
    with shop, suppress(KeyboardInterrupt):
        threading.Event().wait()
