"""Debian's dnsmasq and unbound on loopback, each with names of its own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from tests.support.peers import LOOPBACK, free_port, program, running
from tocsin.domain.place import Place

_UNBOUND = """
server:
    interface: {host}@{port}
    port: {port}
    do-daemonize: no
    chroot: ""
    username: ""
    pidfile: "{folder}/unbound.pid"
    directory: "{folder}"
    use-syslog: no
    module-config: "iterator"
    access-control: 127.0.0.0/8 allow
    local-zone: "acme.example." static
    local-zone: "refused.example." always_refuse
    {data}
remote-control:
    control-enable: no
"""


@contextmanager
def dnsmasq(folder: Path, *words: str) -> Iterator[Place]:
    """`words` are its options, as `--host-record=shop.example,192.0.2.1`. It knows nothing else and asks nobody."""
    path, port = program("dnsmasq", package="dnsmasq-base"), free_port()
    command = [
        *(path, "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--log-facility=-"),
        *(f"--port={port}", f"--listen-address={LOOPBACK}", "--bind-interfaces", f"--pid-file={folder}/dnsmasq.pid"),
        *("--user=", "--group=", *words),
    ]
    with running(command, folder / "dnsmasq.log", ready=_answering(port)):
        yield Place(LOOPBACK, port)


@contextmanager
def unbound(folder: Path, *records: str) -> Iterator[Place]:
    """`records` as in a zone file, all of them below acme.example. What is below refused.example it refuses."""
    path, port = program("unbound", package="unbound"), free_port()
    data = "\n    ".join(f"local-data: '{record}'" for record in records)
    configuration = folder / "unbound.conf"
    configuration.write_text(_UNBOUND.format(host=LOOPBACK, port=port, folder=folder, data=data))
    with running([path, "-d", "-p", "-c", configuration], folder / "unbound.log", ready=_answering(port)):
        yield Place(LOOPBACK, port)


def _answering(port: int) -> Callable[[], bool]:
    query = dns.message.make_query("acme.example", "SOA")

    def is_answering() -> bool:
        try:
            dns.query.udp(query, LOOPBACK, port=port, timeout=0.5)
        except (OSError, dns.exception.DNSException, socket.gaierror):
            return False
        return True

    return is_answering
