"""CloudFormation over HTTP, as far as `DescribeStacks` goes: what moto needs many packages for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"


class CloudFormation:
    """`stacks` are the outputs by stack name; `refusal` is the code of an error that answers everything."""

    def __init__(self) -> None:
        self.stacks: dict[str, dict[str, str]] = {}
        self.refusal: str | None = None
        self.url = ""

    def answer(self, stack: str) -> tuple[int, str]:
        if self.refusal:
            return 403, _error(self.refusal, "not you")
        if stack not in self.stacks:
            return 400, _error("ValidationError", f"Stack with id {stack} does not exist")
        return 200, _stack(stack, self.stacks[stack])


@contextmanager
def cloudformation() -> Iterator[CloudFormation]:
    """Answers at `url` while the block runs."""
    fake = CloudFormation()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            status, body = fake.answer(asked["StackName"][0])
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        fake.url = f"http://127.0.0.1:{server.server_port}"
        yield fake
        server.shutdown()
        thread.join()


def _stack(name: str, outputs: dict[str, str]) -> str:
    members = "".join(
        f"<member><OutputKey>{key}</OutputKey><OutputValue>{escape(value)}</OutputValue></member>"
        for key, value in outputs.items()
    )
    return (
        f'<DescribeStacksResponse xmlns="{NAMESPACE}"><DescribeStacksResult><Stacks><member>'
        f"<StackName>{name}</StackName><CreationTime>2026-01-05T09:00:00Z</CreationTime>"
        f"<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>{members}</Outputs>"
        "</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"
    )


def _error(code: str, message: str) -> str:
    return (
        f'<ErrorResponse xmlns="{NAMESPACE}"><Error><Type>Sender</Type><Code>{code}</Code>'
        f"<Message>{message}</Message></Error></ErrorResponse>"
    )
