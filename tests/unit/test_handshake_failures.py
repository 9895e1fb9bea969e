"""Handshakes and connections that fail in ways that no peer on loopback can be made to show each time."""

import errno
import ssl

import pytest

from tests.support.builders import NOON, a_monitor
from tocsin.domain.targets import TargetRules
from tocsin.probes.attempt import Attempt
from tocsin.probes.clock import RunClock
from tocsin.probes.progress import Progress
from tocsin.probes.streams.tls import failed_handshake

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


@pytest.mark.parametrize(
    ("error", "expect", "message"),
    [
        pytest.param(BrokenPipeError(), "response", f"{PLACE} reset the connection before its answer", id="reset"),
        pytest.param(
            OSError(errno.EHOSTUNREACH, "No route to host"),
            "response",
            f"The connection to {PLACE} broke before its answer: No route to host",
            id="no route any more",
        ),
        pytest.param(
            ssl.SSLError(1, "bad record mac"),
            "response",
            f"The connection to {PLACE} broke before its answer: bad record mac",
            id="garbled",
        ),
        pytest.param(
            OSError(errno.ENOBUFS, "No buffer space available"),
            "checker",
            f"The checker itself failed: no buffers left on the way to {PLACE}",
            id="our own fault",
        ),
    ],
)
def test_a_connection_that_breaks(error: OSError, expect: str, message: str) -> None:
    progress = Progress(Attempt(a_monitor(), RunClock(NOON), TargetRules(), str, lambda _: None))
    progress.peer = PLACE

    failure = progress.broken("its answer", error).failure

    assert (failure.expect, failure.message) == (expect, message)


def test_a_handshake_that_fails_for_our_own_reasons() -> None:
    failure = failed_handshake(PLACE, OSError(errno.ENOMEM, "Cannot allocate memory"))

    assert (failure.expect, failure.message) == (
        "checker",
        f"The checker itself failed: no memory left on the way to {PLACE}",
    )
