"""Debian's nginx on loopback: as many servers as a test needs, each with its own port and piece of configuration."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.support.peers import LOOPBACK, free_port, listening, program, running

_CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 256; }}
http {{
    access_log off; ssl_protocols TLSv1.2 TLSv1.3; default_type text/plain;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


class Server(NamedTuple):
    """`says` is how it answers, `around` what holds for all of it, `listens` words after the port, such as `http2`."""

    says: str = "return 200 welcome;"
    certificate: Path | None = None
    listens: str = ""
    around: str = ""

    def written(self, port: int) -> str:
        tls = f"ssl_certificate {self.certificate}; ssl_certificate_key {self.certificate};" if self.certificate else ""
        words = f"{LOOPBACK}:{port} {'ssl' if self.certificate else ''} {self.listens}"
        return f"server {{ listen {words}; {tls} {self.around} location / {{ {self.says} }} }}"


@contextmanager
def nginx(folder: Path, servers: Mapping[str, Server]) -> Iterator[dict[str, str]]:
    """The address of each server, with a slash at its end."""
    path = program("nginx", package="nginx-light")
    ports = {name: free_port() for name in servers}
    written = "\n".join(server.written(ports[name]) for name, server in servers.items())
    configuration = folder / "nginx.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder, servers=written))
    command: list[str | Path] = [path, "-p", folder, "-c", configuration, "-e", "stderr"]
    with running(command, folder / "nginx.log", ready=listening(next(iter(ports.values())))):
        yield {
            name: f"{'https' if servers[name].certificate else 'http'}://localhost:{port}/"
            for name, port in ports.items()
        }
