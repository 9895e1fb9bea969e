"""Nagios's check_http, a process for each check: URLS COUNT IN_FLIGHT AUTHORITIES CHECK_HTTP.

It does not verify certificates. How much memory one takes is not told: Linux counts what it was forked from.
"""

import json
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit


def main() -> None:
    urls, count, in_flight, _, check_http = sys.argv[1:]
    commands = [_command(check_http, url) for url in islice(cycle(Path(urls).read_text().split()), int(count))]
    began = _used()
    with ThreadPoolExecutor(int(in_flight)) as pool:
        passed = sum(pool.map(_passes, commands))
    print(json.dumps({"passed": passed, "processor": _used() - began, "resting": None, "peak": None}))


def _command(check_http: str, url: str) -> list[str]:
    parts = urlsplit(url)
    command = [
        check_http,
        "-I",
        str(parts.hostname),
        "-p",
        str(parts.port),
        "-u",
        "/",
        "-e",
        "HTTP/1.1 200",
        "-t",
        "10",
    ]
    return [*command, "-S"] if parts.scheme == "https" else command


def _passes(command: list[str]) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
