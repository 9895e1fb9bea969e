"""How many bytes a check sends to its target, as the target's TCP counts them: AWS charges for what leaves."""

import socket
import ssl
import struct
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.authority import Authority
from tocsin.clock import utc_now
from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import CheckState, Monitor
from tocsin.domain.targets import TargetRules
from tocsin.errors import TocsinError
from tocsin.probes.prober import Prober

BODY = b"x" * 12_600
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY)
_TCP_INFO_BYTES = 144
_RECEIVED = 128
"""Where `tcp_info` has the bytes received, and behind the segments sent the segments received."""
_HEADERS = 52
"""Of a segment: IPv4, TCP and its timestamps."""


def bytes_sent() -> float:
    """By one HTTPS check with a full handshake, headers and acknowledgements included."""
    with TemporaryDirectory(prefix="tocsin-bench-") as name:
        authority = Authority(Path(name))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            counted: list[int] = []
            answering = threading.Thread(target=_answer, args=(listener, authority.server("127.0.0.1"), counted))
            answering.start()
            url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
            monitor = Monitor(monitor_id="one", service_id="web", check=HttpCheck(url=url))
            rules = TargetRules(allow_private=True)
            (result,) = Prober(authority.path).check_all([monitor], now=utc_now(), rules=rules)
            answering.join()
    if result.state is not CheckState.UP:
        raise TocsinError(f"the check that is weighed failed: {result.message}")
    return counted[0]


def _answer(listener: socket.socket, context: ssl.SSLContext, counted: list[int]) -> None:
    accepted, _ = listener.accept()
    with context.wrap_socket(accepted, server_side=True) as caller:
        caller.recv(4096)
        caller.sendall(ANSWER + BODY)
        caller.recv(4096)
        told = caller.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _TCP_INFO_BYTES)
        received, _, segments = struct.unpack_from("=QII", told, _RECEIVED)
        counted.append(received + segments * _HEADERS)
