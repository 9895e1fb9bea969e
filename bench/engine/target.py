"""What the engines check: Debian's nginx on loopback, a fresh connection for each request, a body of 12.6 KB."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import certifi

from bench.machine import pinned
from bench.programs import path_of
from tests.support.authority import Authority
from tests.support.peers import free_port, listening, running

BODY_BYTES = 12_600
HOSTS = tuple(f"127.0.0.{number}" for number in range(1, 65))
"""Many, for an engine may limit how many checks of one host it makes at once."""

SCHEMES = ("http", "https")

_SITE = """\
    server {{
        listen {host}:{http} backlog=4096;
        listen {host}:{https} ssl backlog=4096;
        ssl_certificate {certificate};
        ssl_certificate_key {certificate};
    }}
"""

_CONFIGURATION = """\
daemon off;
worker_processes 1;
{user}
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    keepalive_timeout 0;
    root {folder}/site;
    types {{ text/html html; }}
    client_body_temp_path {folder}/client;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_protocols TLSv1.3;
    ssl_session_cache off;
    ssl_session_tickets off;
{sites}}}
"""


class Target(NamedTuple):
    """`authority` signed the target's certificates; `authorities` are the public roots, and it. Both are PEM files."""

    ports: dict[str, int]
    authority: Path
    authorities: Path
    folder: Path

    def urls(self, scheme: str) -> Path:
        """A file with an address on each line."""
        path = self.folder / f"{scheme}.txt"
        path.write_text("".join(f"{scheme}://{host}:{self.ports[scheme]}/\n" for host in HOSTS))
        return path


@contextmanager
def target(core: int) -> Iterator[Target]:
    """On that core alone. Raises TocsinError where there is no nginx."""
    nginx = path_of("nginx", package="nginx")
    with TemporaryDirectory(prefix="tocsin-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        ports = {scheme: free_port() for scheme in SCHEMES}
        authority = Authority(folder)
        command = pinned(core, [nginx, "-p", name, "-c", str(_written(folder, ports, authority))])
        with running(command, folder / "nginx.log", ready=listening(ports["https"])):
            yield Target(ports, authority.path, _authorities(folder, authority), folder)


def _written(folder: Path, ports: dict[str, int], authority: Authority) -> Path:
    (folder / "site").mkdir()
    line = "<p>All is well.</p>\n"
    (folder / "site/index.html").write_text((line * (BODY_BYTES // len(line) + 1))[:BODY_BYTES])
    sites = "".join(_SITE.format(host=host, certificate=authority.file(host), **ports) for host in HOSTS)
    configuration = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    configuration.write_text(_CONFIGURATION.format(folder=folder, sites=sites, user=user))
    return configuration


def _authorities(folder: Path, authority: Authority) -> Path:
    path = folder / "authorities.pem"
    path.write_bytes(Path(certifi.where()).read_bytes() + authority.path.read_bytes())
    return path
