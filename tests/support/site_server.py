"""The published files on loopback, as the CDN serves them: folders have an index.html, the rest is the 404 page."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tocsin.publishers.bucket import File

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@contextmanager
def serve(files: Iterable[File]) -> Iterator[str]:
    """The address, with a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler({file.path: file for file in files}))
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _handler(files: dict[str, File]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = _file_at(self.path.split("?")[0])
            file = files.get(path)
            self.send_response(200 if file else 404)
            answer = file or files["404.html"]
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler


def _file_at(path: str) -> str:
    last = path.rsplit("/", 1)[1]
    if not last:
        path += "index.html"
    elif "." not in last:
        path += "/index.html"
    return path.removeprefix("/")
