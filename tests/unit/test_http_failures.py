"""What is said of a failed transfer where no peer on this machine can be made to fail like that."""

import errno
from datetime import timedelta

import pycurl
import pytest

from tocsin.domain.check_kinds import HttpCheck
from tocsin.domain.checks import Failure
from tocsin.domain.hops import first_hop
from tocsin.domain.timings import Timings
from tocsin.probes.web.trouble import Trouble, describe

HOP = first_hop(HttpCheck(url="https://shop.example/a?token=1"), str)
PEER = "shop.example:443 (192.0.2.1)"


def trouble(code: int, **fields: object) -> Trouble:
    return Trouble(code, "curl's words", HOP, timedelta(seconds=10), address="192.0.2.1")._replace(**fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "expect", "message"),
    [
        pytest.param(
            trouble(pycurl.E_COULDNT_CONNECT, errno=errno.ENETUNREACH),
            "checker",
            f"The checker itself failed: no network on the way to {PEER}",
            id="no network here",
        ),
        pytest.param(
            trouble(pycurl.E_COULDNT_CONNECT, errno=errno.EADDRNOTAVAIL),
            "checker",
            f"The checker itself failed: no local port or address left on the way to {PEER}",
            id="no ports left",
        ),
        pytest.param(
            trouble(pycurl.E_COULDNT_CONNECT, errno=errno.EHOSTUNREACH),
            "connect",
            f"There is no route to {PEER}",
            id="no network there",
        ),
        pytest.param(
            trouble(pycurl.E_COULDNT_CONNECT, errno=errno.EACCES),
            "connect",
            f"No connection to {PEER}: curl's words",
            id="any other reason",
        ),
        pytest.param(
            trouble(pycurl.E_OUT_OF_MEMORY),
            "checker",
            "The checker itself failed: curl's words (curl 27)",
            id="no memory",
        ),
        pytest.param(
            trouble(pycurl.E_SSL_CACERT_BADFILE),
            "checker",
            "The checker itself failed: curl's words (curl 77)",
            id="no authorities",
        ),
        pytest.param(
            trouble(pycurl.E_SSL_CONNECT_ERROR, errno=errno.ECONNRESET),
            "tls",
            f"{PEER} reset the connection during the TLS handshake",
            id="reset in the handshake",
        ),
        pytest.param(
            trouble(pycurl.E_RECV_ERROR, errno=errno.ECONNRESET, timings=Timings(first_byte=1), received=7),
            "response",
            f"{PEER} reset the connection after 7 bytes of the body",
            id="reset in the body",
        ),
        pytest.param(
            trouble(pycurl.E_OPERATION_TIMEDOUT, timings=Timings(connect=3, tls=9)),
            "timeout",
            f"No response from {PEER} within 10 s: the TLS handshake was done after 9 ms, then nothing came",
            id="no response over TLS",
        ),
        pytest.param(
            trouble(pycurl.E_PEER_FAILED_VERIFICATION, verification=19, certificate={"Issuer": "CN = Corporate"}),
            "certificate",
            f"The certificate of {PEER} is signed by CN = Corporate, an authority that nobody knows",
            id="an authority of their own",
        ),
        pytest.param(
            trouble(pycurl.E_PEER_FAILED_VERIFICATION, verification=79),
            "certificate",
            f"The certificate of {PEER} was not accepted: curl's words",
            id="any other fault of a certificate",
        ),
        pytest.param(
            trouble(pycurl.E_URL_MALFORMAT),
            "address",
            "https://shop.example/a?… is not an address that can be asked: curl's words",
            id="an address that curl refuses",
        ),
        pytest.param(
            trouble(4711), "response", f"The check of {PEER} failed: curl's words (curl 4711)", id="something new"
        ),
    ],
)
def test_each_failure_is_told(found: Trouble, expect: str, message: str) -> None:
    assert describe(found) == Failure(expect=expect, message=message)
