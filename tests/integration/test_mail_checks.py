"""Mail checks against Debian's Dovecot, and against servers that do not keep to their protocol."""

from collections.abc import Iterator
from typing import Literal

import pytest

from tests.support.authority import Authority
from tests.support.builders import expected
from tests.support.mail_server import mail_server
from tests.support.probing import PEER, SHORT, check, told
from tests.support.scripted_peer import Act, Endless, Step, scripted
from tocsin.domain.check_kinds import MailCheck
from tocsin.domain.checks import CheckState
from tocsin.probes.prober import Prober

Kind = Literal["smtp", "imap", "pop3"]
Security = Literal["none", "starttls", "tls"]
LINE = Act.LINE


@pytest.fixture(scope="module")
def ports(authority: Authority) -> Iterator[dict[str, int]]:
    with mail_server(authority.file()) as ports:
        yield ports


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("kind", ["smtp", "imap", "pop3"])
def test_a_server_that_is_well(prober: Prober, ports: dict[str, int], kind: Kind, security: Security) -> None:
    port = ports[f"{kind}_tls" if security == "tls" else kind]
    greeted = (expected("response", contains="Dovecot (Debian) ready."),)
    what = MailCheck(kind=kind, address=f"localhost:{port}", security=security)

    found = check(prober, what, expect=greeted)

    assert (found.state, found.message) == (CheckState.UP, "")
    assert (found.certificate_expires is None) == (security == "none")
    assert all(getattr(found.timings, phase) is not None for phase in ("lookup", "connect", "first_byte", "total"))


@pytest.mark.parametrize("kind", ["smtp", "imap", "pop3"])
def test_a_certificate_that_is_not_accepted_is_described_after_starttls_too(
    prober: Prober, ports: dict[str, int], kind: Kind
) -> None:
    what = MailCheck(
        kind=kind, address=f"localhost:{ports[kind]}", security="starttls", server_name="mail.acme.example"
    )

    found = check(prober, what)

    assert told(found) == [
        ("certificate", f"The certificate of {PEER} is for localhost, not for mail.acme.example"),
    ]


def test_tls_where_none_is_spoken(prober: Prober, ports: dict[str, int]) -> None:
    found = check(prober, MailCheck(kind="imap", address=f"localhost:{ports['imap']}", security="tls"))

    assert told(found) == [
        ("tls", f"{PEER} does not speak TLS: what it answers to a TLS handshake is something else"),
    ]


SMTP = (b"220 mail ESMTP\r\n", LINE, b"250-mail\r\n250-SIZE 1000\r\n250 8bitmime\r\n", LINE)
IMAP = (b"* OK ready\r\n", LINE, b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nT1 OK done\r\n", LINE)
POP3 = (b"+OK ready\r\n", LINE, b"+OK list follows\r\nUSER\r\nTOP\r\n.\r\n", LINE)


@pytest.mark.parametrize(
    ("kind", "script"),
    [
        pytest.param(
            "smtp", (b"220-mail\r\n220 ESMTP\r\n", *SMTP[1:], b"221 bye\r\n"), id="a greeting of several lines"
        ),
        pytest.param("imap", (b"* PREAUTH welcome\r\n", *IMAP[1:], b"* BYE\r\nT2 OK done\r\n"), id="already logged in"),
        pytest.param("pop3", (*POP3[:2], b"-ERR what?\r\n", LINE, b"+OK bye\r\n"), id="does not tell what it can"),
    ],
)
def test_what_servers_may_do(prober: Prober, kind: Kind, script: tuple[Step, ...]) -> None:
    with scripted(*script) as port:
        found = check(prober, MailCheck(kind=kind, address=f"localhost:{port}"))

    assert (found.state, found.message) == (CheckState.UP, "")


@pytest.mark.parametrize(
    ("kind", "script", "message"),
    [
        pytest.param("smtp", SMTP, f"{PEER} does not offer STARTTLS; it offers SIZE, 8BITMIME", id="smtp"),
        pytest.param("imap", IMAP, f"{PEER} does not offer STARTTLS; it offers IMAP4REV1, AUTH=PLAIN", id="imap"),
        pytest.param("pop3", POP3, f"{PEER} does not offer STLS; it offers USER, TOP", id="pop3"),
        pytest.param(
            "pop3", (*POP3[:2], b"-ERR\r\n", LINE), f"{PEER} does not offer STLS; it offers nothing", id="mute"
        ),
    ],
)
def test_a_server_without_starttls_is_not_talked_to_in_clear(
    prober: Prober, kind: Kind, script: tuple[Step, ...], message: str
) -> None:
    with scripted(*script) as port:
        found = check(prober, MailCheck(kind=kind, address=f"localhost:{port}", security="starttls"))

    assert told(found) == [("tls", message)]


@pytest.mark.parametrize(
    ("kind", "script", "message"),
    [
        pytest.param(
            "smtp",
            (b"554-mail\r\n554 go away\r\n", LINE),
            f'The greeting of {PEER} is "554-mail 554 go away" instead of 220',
            id="smtp turns us away",
        ),
        pytest.param(
            "smtp",
            (b"SSH-2.0-OpenSSH_9.2\r\n", LINE),
            f'{PEER} does not speak SMTP: its greeting is "SSH-2.0-OpenSSH_9.2"',
            id="no smtp",
        ),
        pytest.param(
            "smtp",
            (SMTP[0], LINE, b"502 what?\r\n", LINE),
            f'The answer to EHLO of {PEER} is "502 what?" instead of 250',
            id="no ehlo",
        ),
        pytest.param(
            "smtp",
            (*SMTP, b"421 not now\r\n"),
            f'The answer to QUIT of {PEER} is "421 not now" instead of 221',
            id="smtp does not take its leave",
        ),
        pytest.param(
            "smtp",
            SMTP,
            f'{PEER} closed the connection before its answer to QUIT; the last that came was "250 8bitmime"',
            id="smtp closes early",
        ),
        pytest.param(
            "imap",
            (b"* BYE overloaded\r\n", LINE),
            f'{PEER} turns us away: its greeting is "* BYE overloaded"',
            id="imap turns us away",
        ),
        pytest.param(
            "imap",
            (b"+OK ready\r\n", LINE),
            f'{PEER} does not speak IMAP: its greeting is "+OK ready"',
            id="no imap",
        ),
        pytest.param(
            "imap",
            (IMAP[0], LINE, b"T1 BAD unknown\r\n", LINE),
            f'The answer to CAPABILITY of {PEER} is "T1 BAD unknown" instead of OK',
            id="no capabilities",
        ),
        pytest.param(
            "pop3",
            (b"-ERR maintenance\r\n", LINE),
            f'{PEER} turns us away: its greeting is "-ERR maintenance"',
            id="pop3 turns us away",
        ),
        pytest.param(
            "pop3",
            (b"* OK ready\r\n", LINE),
            f'{PEER} does not speak POP3: its greeting is "* OK ready"',
            id="no pop3",
        ),
        pytest.param(
            "pop3",
            (*POP3, b"-ERR\r\n"),
            f'The answer to QUIT of {PEER} is "-ERR" instead of +OK',
            id="pop3 does not take its leave",
        ),
    ],
)
def test_a_server_that_does_not_keep_to_its_protocol(
    prober: Prober, kind: Kind, script: tuple[Step, ...], message: str
) -> None:
    with scripted(*script) as port:
        found = check(prober, MailCheck(kind=kind, address=f"localhost:{port}"))

    assert told(found) == [("response", message)]


@pytest.mark.parametrize(
    ("kind", "script"),
    [
        pytest.param("smtp", (SMTP[0], LINE, Endless(b"250-x\r\n" * 1000)), id="smtp"),
        pytest.param("imap", (IMAP[0], LINE, Endless(b"* x\r\n" * 1000)), id="imap"),
        pytest.param("pop3", (POP3[0], LINE, Endless(b"+OK\r\n" * 1000)), id="pop3"),
    ],
)
def test_an_answer_without_end(prober: Prober, kind: Kind, script: tuple[Step, ...]) -> None:
    with scripted(*script) as port:
        found = check(prober, MailCheck(kind=kind, address=f"localhost:{port}"))

    assert told(found) == [("size", f"{PEER} sends more than 1024 KiB; no more is read")]


def test_a_server_that_never_greets(prober: Prober) -> None:
    with scripted(Act.SILENCE) as port:
        found = check(prober, MailCheck(kind="smtp", address=f"localhost:{port}"), timeout=SHORT)

    waited = "it took the connection after N ms, then nothing came"
    assert told(found) == [("timeout", f"No greeting from {PEER} within 0.3 s: {waited}")]
