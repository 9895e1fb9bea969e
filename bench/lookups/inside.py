"""COUNT SILENT: checks so many names at once of which so many never resolve. Prints what it found, as JSON.

It has a network and a /etc/resolv.conf of its own, so that our name server is asked.
"""

import fcntl
import json
import random
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.lookups import name_server
from bench.machine import allow_many_files
from bench.programs import path_of
from tests.support.peers import free_port, listening, running
from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import CheckState, Monitor
from tocsin.domain.targets import TargetRules
from tocsin.probes.prober import Prober

_SIOCSIFFLAGS = 0x8914
_UP = 0x1


def main() -> None:
    count, silent = map(int, sys.argv[1:])
    allow_many_files()
    with TemporaryDirectory(prefix="tocsin-bench-") as name:
        _own_network(Path(name))
        port = free_port()
        site = [sys.executable, "-m", "bench.slow_site", str(port), "0"]
        with running(site, Path(name) / "site.log", ready=listening(port)):
            began = time.monotonic()
            results = Prober(per_host=1000).check_all(
                _monitors(count, silent, port), now=utc_now(), rules=TargetRules(allow_private=True)
            )
            took = time.monotonic() - began
    healthy = [each for each in results if each.monitor_id.startswith("healthy")]
    passed = sum(each.state is CheckState.UP for each in healthy)
    wrongly = sum(each.state is CheckState.UP for each in results) - passed
    slowest = max((each.timings.total or 0 for each in healthy), default=0)
    print(json.dumps({"passed": passed, "healthy": len(healthy), "wrongly": wrongly, "slowest": slowest, "took": took}))


def _monitors(count: int, silent: int, port: int) -> list[Monitor]:
    """In an order that is the same each time, and no pattern."""
    names = [
        *(f"silent-{number}" for number in range(silent)),
        *(f"healthy-{number}" for number in range(count - silent)),
    ]
    random.Random(count).shuffle(names)  # noqa: S311 -- no secret
    check = {name: HttpCheck(url=f"http://{name}.tocsin.example:{port}/") for name in names}
    return [Monitor(monitor_id=name, service_id="web", check=check[name]) for name in names]


def _own_network(folder: Path) -> None:
    """Its loopback is down at first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _UP))
    name_server.serve()
    (folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
    mount = path_of("mount", package="mount")
    subprocess.run([mount, "--bind", str(folder / "resolv.conf"), "/etc/resolv.conf"], check=True)


if __name__ == "__main__":
    main()
