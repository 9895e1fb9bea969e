"""Handshakes that fail in ways that no peer on loopback can be made to show each time."""

import errno
import ssl

import pytest

from tocsin.probes.stream_tls import failed_handshake

PLACE = "shop.acme.example:443 (192.0.2.1)"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        pytest.param(
            OSError(errno.ENOTCONN, "not connected"),
            f"{PLACE} reset the connection during the TLS handshake",
            id="gone",
        ),
        pytest.param(BrokenPipeError(), f"{PLACE} closed the connection during the TLS handshake", id="broken pipe"),
        pytest.param(ssl.SSLZeroReturnError(), f"{PLACE} closed the connection during the TLS handshake", id="closed"),
        pytest.param(
            OSError(errno.EHOSTUNREACH, "No route to host"),
            f"The TLS handshake with {PLACE} failed: No route to host",
            id="no route any more",
        ),
        pytest.param(ssl.SSLError(1, "odd"), f"The TLS handshake with {PLACE} failed: odd", id="without a reason"),
    ],
)
def test_what_is_said(error: OSError, message: str) -> None:
    assert failed_handshake(PLACE, error).message == message
