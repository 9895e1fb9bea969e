"""TCP ports of this machine."""

import socket
from collections.abc import Iterator

FIRST = 4566
LAST = 4766


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free() -> Iterator[int]:
    """The emulator's customary port and the next ones, below those that outgoing connections are given."""
    return (port for port in range(FIRST, LAST) if is_free(port))
