"""SSH checks against Debian's OpenSSH, and against what is no SSH server."""

from pathlib import Path

import pytest

from tests.support.builders import expected
from tests.support.probing import PEER, SHORT, check, told
from tests.support.scripted_peer import Act, Endless, Step, scripted
from tests.support.ssh_server import ssh_server
from tocsin.domain.check_kinds import SshCheck
from tocsin.domain.checks import CheckState
from tocsin.probes.prober import Prober


def test_a_server_that_is_well(prober: Prober, tmp_path: Path) -> None:
    banner = (expected("response", matches="^SSH-2.0-OpenSSH_"),)

    with ssh_server(tmp_path) as port:
        found = check(prober, SshCheck(address=f"localhost:{port}"), expect=banner)

    assert (found.state, found.message) == (CheckState.UP, "")


def test_a_server_may_say_something_before_its_banner(prober: Prober) -> None:
    with scripted(b"Authorized people only.\r\nSSH-2.0-x\r\n", Act.LINE) as port:
        found = check(prober, SshCheck(address=f"localhost:{port}"), expect=(expected("response", equals="SSH-2.0-x"),))

    assert (found.state, found.message) == (CheckState.UP, "")


@pytest.mark.parametrize(
    ("script", "expect", "message"),
    [
        pytest.param(
            (Endless(b"220 mail\r\n"),),
            "response",
            f"{PEER} does not speak SSH: 50 lines came, and none begins with SSH-",
            id="no ssh",
        ),
        pytest.param(
            (b"220 mail\r\n", Act.SILENCE),
            "timeout",
            f'No SSH banner from {PEER} within 0.3 s: the last that came was "220 mail"',
            id="waits",
        ),
        pytest.param((), "response", f"{PEER} closed the connection before its SSH banner", id="closes"),
    ],
)
def test_what_is_no_ssh_server(prober: Prober, script: tuple[Step, ...], expect: str, message: str) -> None:
    with scripted(*script) as port:
        found = check(prober, SshCheck(address=f"localhost:{port}"), timeout=SHORT)

    assert told(found) == [(expect, message)]
