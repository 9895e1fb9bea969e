"""Every kind of check: in short, and in full."""

from datetime import timedelta
from typing import get_args

import pytest

from tests.support.builders import expected
from tests.support.files import SMALL, with_change
from tocsin.cli.file.monitor_crossing import FINDS
from tocsin.cli.file.monitor_shape import KINDS
from tocsin.cli.file.reading import read_text
from tocsin.domain.check_kinds import (
    BasicAuth,
    BearerAuth,
    Check,
    ClientCertificate,
    DnsCheck,
    DomainCheck,
    Exchange,
    GrpcCheck,
    HttpCheck,
    MailCheck,
    OAuth2Auth,
    SecretRef,
    SshCheck,
    Step,
    StepsCheck,
    TcpCheck,
    TlsCheck,
    UdpCheck,
    WebSocketCheck,
)
from tocsin.domain.checks import Confirmation, Flapping, Monitor

HOME = SMALL[SMALL.index("    http: {url") : SMALL.index("status_pages:")]


def monitor(written: str) -> Monitor:
    return read_text(with_change(HOME, f"    {written}\n")).monitors["home"]


@pytest.mark.parametrize(
    ("written", "check"),
    [
        pytest.param("http: https://acme.example/", HttpCheck(url="https://acme.example/"), id="http"),
        pytest.param(
            "http: {url: https://a.example/, version: 1.1, resolver: 9.9.9.9, body_limit: 64KiB}",
            HttpCheck(url="https://a.example/", version="1.1", resolver="9.9.9.9", body_limit=65536),
            id="http in full",
        ),
        pytest.param(
            "http: {url: https://a.example/, body_limit: 2000, headers: {Authorization: {secret: key}, X: y}}",
            HttpCheck(
                url="https://a.example/", body_limit=2000, headers={"Authorization": SecretRef(secret="key"), "X": "y"}
            ),
            id="headers may be secrets",
        ),
        pytest.param(
            "http: {url: https://a.example/, auth: {basic: {username: me, password: {secret: shop/pw}}}}",
            HttpCheck(url="https://a.example/", auth=BasicAuth(username="me", password=SecretRef(secret="shop/pw"))),
            id="basic",
        ),
        pytest.param(
            "http: {url: https://a.example/, auth: {bearer: {secret: t}}}",
            HttpCheck(url="https://a.example/", auth=BearerAuth(token=SecretRef(secret="t"))),
            id="bearer",
        ),
        pytest.param(
            "http: {url: https://a.example/, auth: {oauth2: {token_url: https://t.example/, client_id: me,"
            " client_secret: {secret: s}, scope: read, audience: shop}}}",
            HttpCheck(
                url="https://a.example/",
                auth=OAuth2Auth(
                    token_url="https://t.example/",
                    client_id="me",
                    client_secret=SecretRef(secret="s"),
                    scope="read",
                    audience="shop",
                ),
            ),
            id="oauth2",
        ),
        pytest.param(
            "http: {url: https://a.example/, client_certificate: {certificate: {secret: c}, key: {secret: k}}}",
            HttpCheck(
                url="https://a.example/",
                client_certificate=ClientCertificate(certificate=SecretRef(secret="c"), key=SecretRef(secret="k")),
            ),
            id="mutual TLS",
        ),
        pytest.param('tcp: "db.example:5432"', TcpCheck(address="db.example:5432"), id="tcp"),
        pytest.param('tcp: "[2606:4700::1111]:53"', TcpCheck(address="[2606:4700::1111]:53"), id="tcp by IPv6"),
        pytest.param(
            'tcp: {address: "mx.example:25", server_name: mx.example,'
            ' dialogue: [expect: "^220", send: "STARTTLS\\r\\n", starttls: true]}',
            TcpCheck(
                address="mx.example:25",
                server_name="mx.example",
                dialogue=(Exchange(expect="^220"), Exchange(send="STARTTLS\r\n"), Exchange(starttls=True)),
            ),
            id="tcp dialogue",
        ),
        pytest.param("tls: acme.example", TlsCheck(address="acme.example:443"), id="tls"),
        pytest.param(
            'tls: {address: "8.8.8.8:853", server_name: dns.google}',
            TlsCheck(address="8.8.8.8:853", server_name="dns.google"),
            id="tls in full",
        ),
        pytest.param("dns: acme.example", DnsCheck(name="acme.example"), id="dns"),
        pytest.param(
            "dns: {name: _sip._tcp.acme.example, type: SRV, server: 1.1.1.1}",
            DnsCheck(name="_sip._tcp.acme.example", record_type="SRV", server="1.1.1.1:53"),
            id="dns in full",
        ),
        pytest.param(
            "dns: {name: 8.8.8.8, type: PTR}", DnsCheck(name="8.8.8.8", record_type="PTR"), id="dns of an address"
        ),
        pytest.param("smtp: mx.example", MailCheck(kind="smtp", address="mx.example:25"), id="smtp"),
        pytest.param(
            "smtp: {address: mx.example, security: tls}",
            MailCheck(kind="smtp", address="mx.example:465", security="tls"),
            id="smtp with tls",
        ),
        pytest.param(
            'imap: "mail.example:993"',
            MailCheck(kind="imap", address="mail.example:993", security="tls"),
            id="imap: the port tells",
        ),
        pytest.param(
            "imap: {address: mail.example, security: starttls}",
            MailCheck(kind="imap", address="mail.example:143", security="starttls"),
            id="imap in full",
        ),
        pytest.param("pop3: mail.example", MailCheck(kind="pop3", address="mail.example:110"), id="pop3"),
        pytest.param("ssh: host.example", SshCheck(address="host.example:22"), id="ssh"),
        pytest.param('ssh: "host.example:2222"', SshCheck(address="host.example:2222"), id="ssh on a port"),
        pytest.param(
            "websocket: wss://live.example/feed", WebSocketCheck(url="wss://live.example/feed"), id="websocket"
        ),
        pytest.param(
            "websocket: {url: wss://live.example/, headers: {Cookie: {secret: c}}, subprotocol: chat, send: hello}\n"
            "    expect: {response: hi}",
            WebSocketCheck(
                url="wss://live.example/",
                headers={"Cookie": SecretRef(secret="c")},
                subprotocol="chat",
                send="hello",
                receive=True,
            ),
            id="websocket in full",
        ),
        pytest.param('grpc: "api.example:50051"', GrpcCheck(address="api.example:50051"), id="grpc"),
        pytest.param(
            'grpc: {address: "api.example:443", service: shop.Orders, tls: true}',
            GrpcCheck(address="api.example:443", service="shop.Orders", tls=True),
            id="grpc in full",
        ),
        pytest.param('udp: "game.example:27015"', UdpCheck(address="game.example:27015"), id="udp"),
        pytest.param(
            'udp: {address: "game.example:27015", send: "ping\\n"}',
            UdpCheck(address="game.example:27015", send="ping\n"),
            id="udp in full",
        ),
        pytest.param("domain: acme.example", DomainCheck(name="acme.example"), id="domain"),
        pytest.param(
            "domain: {name: acme.example, server: https://rdap.example/}",
            DomainCheck(name="acme.example", server="https://rdap.example/"),
            id="domain in full",
        ),
        pytest.param(
            "steps:\n"
            "      - {name: log in, http: {url: https://a.example/in, method: POST}, save: {token: json.token}}\n"
            "      - name: look\n"
            '        http: {url: "https://a.example/?u={{token}}", headers: {Authorization: "Bearer {{token}}"}}\n'
            "        expect: {json: {ok: true}}",
            StepsCheck(
                steps=(
                    Step(
                        name="log in",
                        http=HttpCheck(url="https://a.example/in", method="POST"),
                        save={"token": "json.token"},
                    ),
                    Step(
                        name="look",
                        http=HttpCheck(
                            url="https://a.example/?u={{token}}", headers={"Authorization": "Bearer {{token}}"}
                        ),
                        expect=(expected("json", "ok", equals=True),),
                    ),
                )
            ),
            id="steps",
        ),
    ],
)
def test_a_check(written: str, check: Check) -> None:
    assert monitor(written).check == check


def test_every_kind_of_the_domain_can_be_written() -> None:
    kinds = [get_args(each.model_fields["kind"].annotation) for each in get_args(get_args(Check)[0])]

    assert sorted(KINDS) == sorted(kind for names in kinds for kind in names)
    assert set(FINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("written", "every"),
    [("http: https://a.example/", 60), ("tls: a.example", 3600), ("domain: a.example", 6 * 3600)],
)
def test_how_often(written: str, every: int) -> None:
    assert monitor(written).every == timedelta(seconds=every)


def test_what_is_only_about_how_long_it_is_good_for_has_a_limit_of_its_own() -> None:
    certificate = expected("certificate", "valid_for", at_least=14 * 86400.0)
    registration = expected("registration", "valid_for", at_least=30 * 86400.0)

    assert monitor("tls: a.example").expect == (certificate,)
    assert monitor("domain: a.example").expect == (registration,)
    assert monitor("http: https://a.example/").expect == ()


def test_that_limit_can_be_another() -> None:
    found = monitor("tls: a.example\n    expect: {certificate: {valid_for: 2 days}}")

    assert found.expect == (expected("certificate", "valid_for", at_least=2 * 86400.0),)


def test_the_circumstances_of_a_check() -> None:
    found = monitor(
        "http: https://a.example/\n    depends_on: [gate]\n    paused: true\n"
        "    confirm: {flapping: {failures: 4, of: 8}}\n  gate: {service: web, tcp: 'a.example:80'}"
    )

    assert (found.depends_on, found.paused) == (("gate",), True)
    assert found.confirm == Confirmation(flapping=Flapping(failures=4, of=8))


def test_flapping_can_be_left_out() -> None:
    assert monitor("http: https://a.example/\n    confirm: {flapping: false}").confirm == Confirmation(flapping=False)


def test_witnesses() -> None:
    found = read_text(with_change("  home: eu-west-1", "  home: eu-west-1\n  witnesses: [https://one.example/]"))

    assert found.regions.witnesses == ("https://one.example/",)
