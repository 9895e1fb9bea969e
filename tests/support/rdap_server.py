"""IANA's list and a registry on loopback, whose answers have the shape of those that real registries gave."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

DOMAIN_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["objectClassName"],
    "properties": {
        "objectClassName": {"const": "domain"},
        "rdapConformance": {"type": "array", "items": {"type": "string"}},
        "handle": {"type": "string"},
        "ldhName": {"type": "string"},
        "unicodeName": {"type": "string"},
        "status": {"type": "array", "items": {"type": "string"}},
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["eventAction", "eventDate"],
                "properties": {
                    "eventAction": {"type": "string"},
                    "eventDate": {"type": "string", "format": "date-time"},
                    "eventActor": {"type": "string"},
                },
            },
        },
        "entities": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["objectClassName"],
                "properties": {
                    "objectClassName": {"const": "entity"},
                    "roles": {"type": "array", "items": {"type": "string"}},
                    "vcardArray": {
                        "type": "array",
                        "prefixItems": [
                            {"const": "vcard"},
                            {"type": "array", "items": {"type": "array", "minItems": 4}},
                        ],
                        "minItems": 2,
                        "maxItems": 2,
                    },
                    "publicIds": {
                        "type": "array",
                        "items": {"type": "object", "required": ["type", "identifier"]},
                    },
                },
            },
        },
        "nameservers": {"type": "array", "items": {"type": "object", "required": ["objectClassName"]}},
        "links": {"type": "array", "items": {"type": "object", "required": ["value", "href"]}},
        "notices": {"type": "array", "items": {"type": "object", "required": ["description"]}},
    },
}
"""RFC 9083, sections 4 and 5.3, as far as registries use it."""


def a_domain(name: str, ends: datetime | None, **fields: Any) -> dict[str, Any]:
    """As the registry of .com answers."""
    events = [
        {"eventAction": "registration", "eventDate": "1995-08-14T04:00:00Z"},
        *([{"eventAction": "expiration", "eventDate": ends.isoformat()}] if ends else []),
        {"eventAction": "last update of RDAP database", "eventDate": "2026-03-01T23:59:59Z"},
    ]
    registrar = {
        "objectClassName": "entity",
        "handle": "376",
        "roles": ["registrar"],
        "publicIds": [{"type": "IANA Registrar ID", "identifier": "376"}],
        "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Acme Registrar, Inc."]]],
        "entities": [{"objectClassName": "entity", "roles": ["abuse"]}],
    }
    answer = {
        "objectClassName": "domain",
        "rdapConformance": ["rdap_level_0"],
        "handle": "2336799_DOMAIN_COM-VRSN",
        "ldhName": name.upper(),
        "status": ["client delete prohibited", "client transfer prohibited"],
        "events": events,
        "entities": [registrar],
        "nameservers": [{"objectClassName": "nameserver", "ldhName": "A.IANA-SERVERS.NET"}],
        "notices": [{"title": "Terms of Use", "description": ["Service subject to Terms of Use."]}],
    }
    return answer | fields


class Registry:
    """`answers` are by path; what is not among them is not registered. `asked` are the paths, in order."""

    def __init__(self, port: int) -> None:
        self.url = f"http://localhost:{port}"
        self.asked: list[str] = []
        self.answers: dict[str, tuple[int, Any]] = {}
        self.answers["/dns.json"] = 200, self.list({"example": f"{self.url}/registry/"})

    def list(self, servers: dict[str, str]) -> dict[str, Any]:
        services = [[[ending], [server]] for ending, server in servers.items()]
        return {"version": "1.0", "publication": "2026-03-01T00:00:00Z", "services": services}

    def knows(self, name: str, ends: datetime | None, **fields: Any) -> None:
        self.answers[f"/registry/domain/{name}"] = 200, a_domain(name, ends, **fields)


@contextmanager
def registry() -> Iterator[Registry]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            peer.asked.append(self.path)
            status, answer = peer.answers.get(self.path, (404, {"errorCode": 404, "title": "Not Found"}))
            body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/rdap+json")
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", str(answer))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer = Registry(server.server_port)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
