"""Prometheus's blackbox_exporter, asked by many: URLS COUNT IN_FLIGHT AUTHORITIES EXPORTER CORE.

It is the exporter that is measured; who asks runs on `CORE`.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import local
from urllib.parse import quote

from bench.engine.loops.usage import memory, processor
from tests.support.peers import LOOPBACK, free_port, listening, running

MODULE = """\
modules:
  get:
    prober: http
    timeout: 10s
    http: {preferred_ip_protocol: ip4}
"""


def main() -> None:
    urls, count, in_flight, authorities, exporter, core = sys.argv[1:]
    targets = list(islice(cycle(Path(urls).read_text().split()), int(count)))
    # By the file's own `ca_file` it would parse the authorities anew for each probe.
    os.environ.update(SSL_CERT_FILE=authorities, SSL_CERT_DIR="/nonexistent", GOMAXPROCS="1")
    with TemporaryDirectory(prefix="tocsin-bench-") as name:
        folder, port = Path(name), free_port()
        (folder / "blackbox.yml").write_text(MODULE)
        options = [
            f"--config.file={folder}/blackbox.yml",
            f"--web.listen-address={LOOPBACK}:{port}",
            "--log.level=error",
        ]
        with running([exporter, *options], folder / "log", ready=listening(port)):
            (pid,) = _children()
            os.sched_setaffinity(0, {int(core)})
            asking = _Asking(port)
            asking.probe(targets[0])
            resting, began = memory(pid).now, processor(pid)
            with ThreadPoolExecutor(int(in_flight)) as pool:
                passed = sum(pool.map(asking.probe, targets))
            print(
                json.dumps(
                    {
                        "passed": passed,
                        "processor": processor(pid) - began,
                        "resting": resting,
                        "peak": memory(pid).peak,
                    }
                )
            )
            asking.close()


class _Asking:
    """Each thread keeps a connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._mine = local()
        self._all: list[HTTPConnection] = []

    def probe(self, url: str) -> bool:
        if not hasattr(self._mine, "connection"):
            self._mine.connection = HTTPConnection(LOOPBACK, self._port)
            self._all.append(self._mine.connection)
        connection: HTTPConnection = self._mine.connection
        connection.request("GET", f"/probe?module=get&target={quote(url, safe='')}")
        return b"\nprobe_success 1\n" in connection.getresponse().read()

    def close(self) -> None:
        for connection in self._all:
            connection.close()


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]


if __name__ == "__main__":
    main()
