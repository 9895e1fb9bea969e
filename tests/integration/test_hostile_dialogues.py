"""Whatever a peer says, a dialogue ends with a finding about the peer: never with a fault of ours, never hanging."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.probing import SHORT, check
from tests.support.scripted_peer import scripted
from tocsin.domain.check_kinds import Exchange, MailCheck, SshCheck, TcpCheck, TlsCheck
from tocsin.domain.checks import CheckState
from tocsin.probes.prober import Prober

KINDS: list[Any] = [
    MailCheck(kind="smtp", address=""),
    MailCheck(kind="smtp", address="", security="starttls"),
    MailCheck(kind="imap", address="", security="starttls"),
    MailCheck(kind="pop3", address="", security="starttls"),
    SshCheck(address=""),
    TlsCheck(address=""),
    TcpCheck(address="", dialogue=(Exchange(expect="OK"), Exchange(starttls=True), Exchange(expect="x"))),
]
WORDS = [b"220", b"250", b"+OK", b"* OK", b"T1 OK", b"T2 OK", b"-", b" ", b"STARTTLS", b"STLS", b"* CAPABILITY ", b"."]
LINES = st.lists(st.sampled_from(WORDS) | st.binary(max_size=20), max_size=6).map(
    lambda words: b"".join(words) + b"\r\n"
)


@pytest.fixture(scope="module")
def prober() -> Prober:
    return Prober()


@settings(max_examples=60)
@given(kind=st.sampled_from(KINDS), said=st.lists(LINES | st.binary(max_size=2000), max_size=8))
def test_what_no_protocol_foresees(prober: Prober, kind: Any, said: list[bytes]) -> None:
    with scripted(*said) as port:
        found = check(prober, kind.model_copy(update={"address": f"127.0.0.1:{port}"}), timeout=SHORT)

    assert found.state in {CheckState.UP, CheckState.DOWN}, found.message
