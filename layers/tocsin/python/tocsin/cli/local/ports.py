"""TCP ports of this machine."""

import socket
from collections.abc import Iterator

CUSTOMARY = 4566
LAST = 32_767
"""From the next one on, Linux gives ports to outgoing connections."""


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free(first: int = CUSTOMARY) -> Iterator[int]:
    """The emulator's customary port, or the first one named, and the next ones."""
    return (port for port in range(first, LAST + 1) if is_free(port))
